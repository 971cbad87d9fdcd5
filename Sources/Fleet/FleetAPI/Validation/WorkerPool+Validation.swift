import Basics
import KubeTypes

extension WorkerPool {
  /// What is wrong with the pool, in the order of its fields; empty for a pool that can be served. Pure.
  package func validate() -> [FieldError] {
    var validator = Validator()
    validator.checkOwnerName(name, why: "its pods are named <pool>-<index>")
    validator.check("spec.replicas", spec.replicas, in: Limits.replicas)
    validator.check("spec.image", spec.image, Limits.image)
    validator.check("spec.imagePullPolicy", spec.imagePullPolicy, oneOf: WorkerPoolSpec.imagePullPolicies)
    validator.checkNames(spec)
    validator.checkEnvironment(spec.env ?? [])
    validator.checkAmounts("spec.resources.requests", spec.resources?.requests ?? [:])
    validator.checkAmounts("spec.resources.limits", spec.resources?.limits ?? [:])
    validator.checkScheduling(spec)
    if let autoscaling = spec.autoscaling { validator.check(autoscaling) }
    validator.checkMaxUnavailable(spec.maxUnavailable)
    validator.check("spec.drainTimeoutSeconds", spec.drainTimeoutSeconds, in: Limits.drainTimeoutSeconds)
    return validator.errors
  }
}

extension Validator {
  fileprivate mutating func checkMaxUnavailable(_ value: CountOrShare?) {
    let requirement = "must be a count from 1, or a percentage from 1% to 100%"
    switch value {
    case nil: break
    case .count(let count): check("spec.maxUnavailable", count, in: 1...Limits.replicas.upperBound)
    case .percent(let percent):
      if !(1...100).contains(percent) {
        fail("spec.maxUnavailable", .invalid, .string("\(percent)%"), requirement)
      }
    case .unreadable(let text): fail("spec.maxUnavailable", .invalid, .string(text), requirement)
    }
  }

  fileprivate mutating func checkNames(_ spec: WorkerPoolSpec) {
    let secrets = (spec.imagePullSecrets ?? []).map(\.name)
    check("spec.imagePullSecrets", count: secrets.count, in: Limits.imagePullSecrets)
    for (position, name) in secrets.enumerated() {
      check("spec.imagePullSecrets[\(position)].name", name, Limits.objectName, .objectName)
    }
    checkUnique(secrets) { "spec.imagePullSecrets[\($0)].name" }
    let args = spec.args ?? []
    check("spec.args", count: args.count, in: Limits.args)
    for (position, argument) in args.enumerated() {
      check("spec.args[\(position)]", argument, Limits.argument)
      // The value is in no message.
      if URIPassword.isInArgument(argument) {
        fail(
          "spec.args[\(position)]", .forbidden, "must hold no password: put it into a Secret, and name that in spec.env"
        )
      }
    }
    check("spec.priorityClassName", spec.priorityClassName, Limits.objectName, .objectName)
    check("spec.dataClaimName", spec.dataClaimName, Limits.objectName, .objectName)
  }

  fileprivate mutating func checkEnvironment(_ variables: [EnvVar]) {
    check("spec.env", count: variables.count, in: Limits.env)
    for (position, variable) in variables.enumerated() {
      let field = "spec.env[\(position)]"
      check("\(field).name", variable.name, Limits.environmentName, .environmentName)
      if Fleet.Environment.reserved.contains(variable.name) {
        fail("\(field).name", .invalid, .string(variable.name), "is set by the operator")
      }
      check("\(field).value", variable.value, Limits.environmentValue)
      // The value is in no message.
      if let value = variable.value, URIPassword.isIn(value) {
        fail("\(field).value", .forbidden, URIPassword.requirement)
      }
      guard let source = variable.valueFrom else { continue }
      // The value itself may be a secret: it is in no message.
      if variable.value != nil { fail("\(field).valueFrom", .forbidden, "value and valueFrom must not both be set") }
      let sources = [source.fieldRef != nil, source.secretKeyRef != nil, source.configMapKeyRef != nil]
      if sources.count(where: { $0 }) != 1 {
        fail(
          "\(field).valueFrom", .required, "exactly one of fieldRef, secretKeyRef and configMapKeyRef must be set")
      }
      check("\(field).valueFrom.fieldRef.fieldPath", source.fieldRef?.fieldPath, 1...512)
      for (kind, reference) in [("secretKeyRef", source.secretKeyRef), ("configMapKeyRef", source.configMapKeyRef)] {
        check("\(field).valueFrom.\(kind).name", reference?.name, Limits.objectName, .objectName)
        check("\(field).valueFrom.\(kind).key", reference?.key, 1...253)
      }
    }
    checkUnique(variables.map(\.name)) { "spec.env[\($0)].name" }
  }

  fileprivate mutating func checkAmounts(_ field: String, _ amounts: [String: String]) {
    check(field, count: amounts.count, in: Limits.resources)
    for (resource, amount) in amounts.sorted(by: { $0.key < $1.key }) {
      check("\(field)[\(resource)]", amount, 1...64, .quantity)
    }
  }

  fileprivate mutating func checkScheduling(_ spec: WorkerPoolSpec) {
    let labels = spec.nodeSelector ?? [:]
    check("spec.nodeSelector", count: labels.count, in: Limits.labels)
    for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
      check("spec.nodeSelector", key, Limits.labelKey, .labelKey)
      check("spec.nodeSelector[\(key)]", value, Limits.labelValue)
    }
    let tolerations = spec.tolerations ?? []
    check("spec.tolerations", count: tolerations.count, in: Limits.tolerations)
    for (position, toleration) in tolerations.enumerated() {
      let field = "spec.tolerations[\(position)]"
      check("\(field).key", toleration.key, Limits.labelKey)
      check("\(field).operator", toleration.operator, oneOf: WorkerPoolSpec.tolerationOperators)
      check("\(field).value", toleration.value, Limits.labelValue)
      check("\(field).effect", toleration.effect, oneOf: WorkerPoolSpec.taintEffects)
      check("\(field).tolerationSeconds", toleration.tolerationSeconds.map(Int.init), in: Limits.counter)
    }
    let constraints = spec.topologySpreadConstraints ?? []
    check("spec.topologySpreadConstraints", count: constraints.count, in: Limits.topologySpread)
    for (position, constraint) in constraints.enumerated() {
      let field = "spec.topologySpreadConstraints[\(position)]"
      check("\(field).maxSkew", constraint.maxSkew, in: Limits.maxSkew)
      check("\(field).topologyKey", constraint.topologyKey, Limits.labelKey, .labelKey)
      check("\(field).whenUnsatisfiable", constraint.whenUnsatisfiable, oneOf: WorkerPoolSpec.unsatisfiableActions)
    }
    checkUnique(constraints.map { "\($0.topologyKey) \($0.whenUnsatisfiable)" }) {
      "spec.topologySpreadConstraints[\($0)]"
    }
  }

  fileprivate mutating func check(_ autoscaling: AutoscalingSpec) {
    check("spec.autoscaling.minReplicas", autoscaling.minReplicas, in: Limits.autoscaledReplicas)
    check("spec.autoscaling.maxReplicas", autoscaling.maxReplicas, in: Limits.autoscaledReplicas)
    if autoscaling.minReplicas > autoscaling.maxReplicas {
      fail(
        "spec.autoscaling.minReplicas", .invalid, .int(Int64(autoscaling.minReplicas)),
        "must not be above maxReplicas, which is \(autoscaling.maxReplicas)")
    }
    if let metrics = autoscaling.metrics {
      check("spec.autoscaling.metrics", count: metrics.count, in: Limits.scalingMetrics)
    }
  }
}

import Basics
import KubeTypes
import Testing

@testable import FleetAPI

@Suite struct WorkerPoolValidationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let errors: [String]
    let change: @Sendable (inout WorkerPoolSpec) -> Void
    init(_ errors: String..., change: @escaping @Sendable (inout WorkerPoolSpec) -> Void) {
      self.errors = errors
      self.change = change
    }
    var testDescription: String { errors.first ?? "valid" }
  }

  @Test(arguments: [
    Case { _ in },
    Case { $0.replicas = 0 },
    Case { $0.autoscaling = AutoscalingSpec(minReplicas: 2, maxReplicas: 2) },
    Case { $0.resources = ResourceRequirements(requests: ["cpu": "500m", "memory": "2Gi"], limits: ["cpu": "2"]) },
    Case("spec.replicas: Invalid value: -1: must be at least 0") { $0.replicas = -1 },
    Case(
      "spec.imagePullPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"IfNotPresent\", \"Never\""
    ) { $0.imagePullPolicy = "Often" },
    Case("spec.env[0].name: Invalid value: \"A-B\": must be letters, digits and '_', not beginning with a digit") {
      $0.env = [EnvVar(name: "A-B", value: "1")]
    },
    Case("spec.env[1].name: Duplicate value: \"A\"") {
      $0.env = [EnvVar(name: "A", value: "1"), EnvVar(name: "A", value: "2")]
    },
    Case("spec.env[0].name: Invalid value: \"TENSORFLEET_POD_UID\": is set by the operator") {
      $0.env = [EnvVar(name: "TENSORFLEET_POD_UID", value: "1")]
    },
    Case(
      "spec.env[0].value: Forbidden: must hold no password: put it into a Secret, and name that by valueFrom.secretKeyRef"
    ) {
      $0.env = [EnvVar(name: "TENSORFLEET_REGISTRY", value: "mongodb+srv://fleet:hunter2@db.example.com/fleet")]
    },
    Case { $0.env = [EnvVar(name: "TENSORFLEET_REGISTRY", value: "mongodb://fleet@db.example.com:27017/a:b@c")] },
    Case(
      "spec.args[1]: Forbidden: must hold no password: put it into a Secret, and name that in spec.env",
      "spec.args[2]: Forbidden: must hold no password: put it into a Secret, and name that in spec.env"
    ) {
      $0.args = [
        "--registry", "mongodb://fleet:hunter2@db.example.com/fleet", "--registry=mongodb://fleet:hunter2@db/fleet",
      ]
    },
    Case { $0.args = ["--registry=mongodb://db.example.com/fleet", "--data=/data", "--log-level", "debug"] },
    Case("spec.maxUnavailable: Invalid value: \"0%\": must be a count from 1, or a percentage from 1% to 100%") {
      $0.maxUnavailable = .percent(0)
    },
    Case("spec.maxUnavailable: Invalid value: \"some\": must be a count from 1, or a percentage from 1% to 100%") {
      $0.maxUnavailable = .unreadable("some")
    },
    Case("spec.maxUnavailable: Invalid value: 0: must be at least 1") { $0.maxUnavailable = .count(0) },
    Case("spec.env[0].valueFrom: Forbidden: value and valueFrom must not both be set") {
      $0.env = [
        EnvVar(name: "A", value: "s3cret", valueFrom: EnvVarSource(secretKeyRef: .init(name: "s", key: "k")))
      ]
    },
    Case(
      "spec.env[0].valueFrom: Required value: exactly one of fieldRef, secretKeyRef and configMapKeyRef must be set"
    ) { $0.env = [EnvVar(name: "A", valueFrom: EnvVarSource())] },
    Case(
      "spec.resources.limits[cpu]: Invalid value: \"-1\": must be a quantity that is not negative, such as 500m or 2Gi"
    ) { $0.resources = ResourceRequirements(limits: ["cpu": "-1"]) },
    Case(
      "spec.tolerations[0].effect: Unsupported value: \"No\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\""
    ) {
      $0.tolerations = [Toleration(effect: "No")]
    },
    Case("spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be at least 1") {
      $0.topologySpreadConstraints = [
        TopologySpreadConstraint(maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule")
      ]
    },
    Case("spec.autoscaling.minReplicas: Invalid value: 3: must not be above maxReplicas, which is 2") {
      $0.autoscaling = AutoscalingSpec(minReplicas: 3, maxReplicas: 2)
    },
    Case("spec.drainTimeoutSeconds: Invalid value: 86401: must be at most 86400") { $0.drainTimeoutSeconds = 86_401 },
  ])
  func namesFieldValueAndWhatWouldBeRight(_ item: Case) {
    var pool = WorkerPool(metadata: ObjectMeta(name: "warm"), spec: WorkerPoolSpec())
    item.change(&pool.spec)
    #expect(pool.validate().map(\.description) == item.errors)
  }

  @Test func amountsMayBeNumbers() throws {
    let resources = try JSON.read(ResourceRequirements.self, from: ["limits": ["cpu": 2, "memory": "2Gi"]])
    #expect(resources == ResourceRequirements(limits: ["cpu": "2", "memory": "2Gi"]))
  }
}

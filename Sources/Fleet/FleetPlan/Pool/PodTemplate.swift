import Basics
import FleetAPI
import KubeTypes

/// What the operator itself adds to a pool's pods.
package struct PodDefaults: Sendable, Hashable {
  /// The workers' image where the pool names none.
  package var image: String
  /// Environment that every worker gets, before the pool's own.
  package var environment: [EnvVar]

  package init(image: String, environment: [EnvVar] = []) {
    self.image = image
    self.environment = environment
  }
}

/// Makes the pods of a pool.
package enum PodTemplate {
  /// Seconds between SIGTERM and SIGKILL: enough to write a checkpoint and hand the task back.
  static let terminationGraceSeconds: Int64 = 30
  static let dataPath = "/data"

  /// The labels that select a pool's pods.
  package static func labels(pool: String) -> [String: String] {
    [
      Fleet.Label.pool: pool, Fleet.Label.component: "worker", Fleet.Label.managedBy: Fleet.operatorName,
    ]
  }

  /// The selector of the scale subresource, as text.
  package static func selector(pool: String) -> String { "\(Fleet.Label.pool)=\(pool)" }

  /// The worker of an index, from 0. Its name is a function of pool and index, so that none is made twice.
  package static func pod(of pool: WorkerPool, index: Int, replacements: Int, defaults: PodDefaults) -> Pod {
    let spec = podSpec(of: pool, defaults: defaults)
    var annotations = [Fleet.Annotation.template: digest(spec)]
    if replacements > 0 { annotations[Fleet.Annotation.replacements] = String(replacements) }
    let metadata = ObjectMeta(
      name: name(pool: pool.name, index: index), namespace: pool.namespace, labels: labels(pool: pool.name),
      annotations: annotations, ownerReferences: [pool.ownerReference])
    return Pod(metadata: metadata, spec: spec)
  }

  package static func name(pool: String, index: Int) -> String { "\(pool)-\(index)" }

  /// The index in a worker's name; nil for a name that is none of the pool's.
  package static func index(of pod: String, pool: String) -> Int? {
    guard pod.hasPrefix(pool + "-") else { return nil }
    return Int(pod.dropFirst(pool.count + 1))
  }

  /// A digest of a pod spec (FNV-1a over its JSON, whose keys are sorted): not for security, only to see a change.
  package static func digest(_ spec: PodSpec) -> String {
    let bytes = (try? JSON.encode(spec)).map(Array.init) ?? []
    let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 36)
  }

  package static func podSpec(of pool: WorkerPool, defaults: PodDefaults) -> PodSpec {
    var container = Container(name: Fleet.workerContainer, image: pool.spec.image ?? defaults.image)
    container.imagePullPolicy = pool.spec.imagePullPolicy
    container.args = pool.spec.args
    container.env = environment(of: pool, defaults: defaults)
    container.resources = pool.spec.resources
    container.readinessProbe = Probe(
      exec: .init(command: ["tensorfleet-worker", "ready"]), periodSeconds: 2, failureThreshold: 3)
    container.securityContext = .restricted
    container.volumeMounts = [VolumeMount(name: "tmp", mountPath: "/tmp")]
    var spec = PodSpec(containers: [container])
    spec.volumes = [Volume(name: "tmp", emptyDir: .init())]
    if let claim = pool.spec.dataClaimName {
      spec.volumes?.append(
        Volume(name: "data", persistentVolumeClaim: .init(claimName: claim, readOnly: true)))
      spec.containers[0].volumeMounts?.append(VolumeMount(name: "data", mountPath: dataPath, readOnly: true))
    }
    // Never: a worker that ended is replaced by the operator, so that its failure is seen and its task moves at once.
    spec.restartPolicy = "Never"
    spec.serviceAccountName = Fleet.workerServiceAccount
    spec.terminationGracePeriodSeconds = terminationGraceSeconds
    spec.nodeSelector = pool.spec.nodeSelector
    spec.tolerations = pool.spec.tolerations
    spec.topologySpreadConstraints = pool.spec.topologySpreadConstraints
    spec.priorityClassName = pool.spec.priorityClassName
    spec.imagePullSecrets = pool.spec.imagePullSecrets
    spec.securityContext = .restricted
    spec.enableServiceLinks = false
    return spec
  }

  /// Identity by the downward API, then the operator's variables, then the pool's, the later winning.
  private static func environment(of pool: WorkerPool, defaults: PodDefaults) -> [EnvVar] {
    func field(_ name: String, _ path: String) -> EnvVar {
      EnvVar(name: name, valueFrom: EnvVarSource(fieldRef: .init(fieldPath: path)))
    }
    let identity = [
      field(Fleet.Environment.podName, "metadata.name"), field(Fleet.Environment.podUID, "metadata.uid"),
      field(Fleet.Environment.namespace, "metadata.namespace"),
      field(Fleet.Environment.nodeName, "spec.nodeName"),
    ]
    let own = pool.spec.env ?? []
    let names = Set(own.map(\.name))
    return identity + defaults.environment.filter { !names.contains($0.name) } + own
  }
}

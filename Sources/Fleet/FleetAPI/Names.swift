/// Names that the operator, its workers and its users share.
package enum Fleet {
  package static let group = "tensorfleet.io"
  package static let version = "v1alpha1"
  /// The version of TensorFleet itself.
  package static let release = "0.1.0"

  /// Labels: what selectors and `kubectl get -l` use.
  package enum Label {
    /// The WorkerPool of a pod or a task.
    package static let pool = "tensorfleet.io/pool"
    /// The TrainingJob of a task.
    package static let job = "tensorfleet.io/job"
    /// The pod that a task is assigned to: a worker watches its tasks by it.
    package static let worker = "tensorfleet.io/worker"
    package static let managedBy = "app.kubernetes.io/managed-by"
    package static let component = "app.kubernetes.io/component"
  }

  package enum Annotation {
    /// On a pod: when its draining began (RFC 3339). The dispatcher gives such a worker nothing more.
    package static let drainingSince = "tensorfleet.io/draining-since"
    /// On a pod: how many times in a row this worker's pod failed and was replaced.
    package static let replacements = "tensorfleet.io/replacements"
    /// On a pod: a digest of what the pool's spec says of its pods; a pod of another digest is outdated.
    package static let template = "tensorfleet.io/template"
  }

  /// The service account of workers, and the ClusterRole that it is bound to in a pool's namespace.
  package static let workerServiceAccount = "tensorfleet-worker"
  package static let workerClusterRole = "tensorfleet-worker"
  package static let workerContainer = "worker"
  package static let operatorName = "tensorfleet-operator"

  /// Environment of a worker's container.
  package enum Environment {
    package static let podName = "TENSORFLEET_POD_NAME"
    package static let podUID = "TENSORFLEET_POD_UID"
    package static let namespace = "TENSORFLEET_NAMESPACE"
    /// The machine that the pod runs on: told in the records of runs.
    package static let nodeName = "TENSORFLEET_NODE_NAME"
    /// A directory (later: a MongoDB URI) for data sets, checkpoints, models and run history.
    package static let registry = "TENSORFLEET_REGISTRY"
    /// Where data set URIs without a scheme begin.
    package static let data = "TENSORFLEET_DATA"
    /// A directory on the worker's disk for what the registry cannot take yet.
    package static let spool = "TENSORFLEET_SPOOL"
    /// How many MiB the spool may hold.
    package static let spoolMebibytes = "TENSORFLEET_SPOOL_MIB"
  }
}

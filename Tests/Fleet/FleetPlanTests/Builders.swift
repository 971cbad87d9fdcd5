import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import TrainingDefinition

/// Objects as the API server would hand them out, for tables of decisions.
let start = Timestamp(secondsSince1970: 1_800_000_000)
let defaults = PodDefaults(image: "worker:test")

func makeJob(
  _ name: String = "job", priority: Int = 0, age: Double = 0, workers: WorkerRange = WorkerRange(),
  suspend: Bool = false, backoffLimit: Int = 6, pool: String = "pool", status: TrainingJobStatus? = nil,
  change: (inout TrainingJobSpec) -> Void = { _ in }
) -> TrainingJob {
  var metadata = ObjectMeta(name: name, namespace: "default")
  metadata.uid = "uid-\(name)"
  metadata.generation = 1
  metadata.creationTimestamp = start.adding(seconds: -age)
  var spec = TrainingJobSpec(
    workerPoolName: pool,
    training: TrainingSpec(algorithm: .mlp, dataset: DatasetSpec(uri: "iris.csv", targetColumn: "Species")))
  spec.priority = priority
  spec.workers = workers
  spec.suspend = suspend
  spec.backoffLimit = backoffLimit
  change(&spec)
  return TrainingJob(metadata: metadata, spec: spec, status: status)
}

func makePool(_ replicas: Int = 2, name: String = "pool", status: WorkerPoolStatus? = nil) -> WorkerPool {
  var metadata = ObjectMeta(name: name, namespace: "default")
  metadata.uid = "uid-\(name)"
  metadata.generation = 1
  return WorkerPool(metadata: metadata, spec: WorkerPoolSpec(replicas: replicas), status: status)
}

/// A pod as the planner itself makes it, ready unless told otherwise.
func makePod(
  _ index: Int, of pool: WorkerPool = makePool(), phase: String = "Running", ready: Bool = true,
  uid: String? = nil, change: (inout Pod) -> Void = { _ in }
) -> Pod {
  var pod = PodTemplate.pod(of: pool, index: index, replacements: 0, defaults: defaults)
  pod.metadata.uid = uid ?? "pod-uid-\(index)"
  pod.metadata.creationTimestamp = start
  pod.status = PodStatus(phase: phase)
  pod.status?.conditions = [PodCondition(type: "Ready", status: ready && phase == "Running" ? .true : .false)]
  change(&pod)
  return pod
}

func makeTask(
  _ job: TrainingJob, on pod: Pod, attempt: Int = 0, state: TaskState? = nil, failure: TaskFailure? = nil,
  change: (inout TrainingTask) -> Void = { _ in }
) -> TrainingTask {
  var metadata = ObjectMeta(
    name: TrainingTask.name(job: job.name, attempt: attempt, member: 0), namespace: job.namespace)
  metadata.uid = "uid-\(job.name)-\(attempt)"
  var task = TrainingTask(
    metadata: metadata,
    spec: TrainingTaskSpec(
      jobName: job.name, jobUID: job.uid, attempt: attempt, worker: WorkerReference(name: pod.name, uid: pod.uid),
      training: job.effectiveTraining))
  if let state {
    task.status = TrainingTaskStatus(state: state)
    task.status?.failure = failure
    if state.isFinished { task.status?.completionTime = start }
  }
  change(&task)
  return task
}

func makeStatus(attempt: Int = 0, restarts: Int = 0, startTime: Timestamp? = nil) -> TrainingJobStatus {
  var status = TrainingJobStatus()
  status.attempt = attempt
  status.restarts = restarts
  status.startTime = startTime
  return status
}

extension TrainingJobStatus {
  var summary: Condition? { conditions[type: JobCondition.succeeded] }
}

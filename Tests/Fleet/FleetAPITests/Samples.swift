import Basics
import KubeTypes
import TrainingDefinition

@testable import FleetAPI

/// Objects for tests: a plain valid job, and values with every member set.
enum Samples {
  static let time = Timestamp(secondsSince1970: 1_790_000_000)

  static var job: TrainingJob {
    TrainingJob(
      metadata: ObjectMeta(name: "iris", namespace: "default"),
      spec: TrainingJobSpec(
        workerPoolName: "warm",
        training: TrainingSpec(
          algorithm: .logisticRegression, dataset: DatasetSpec(uri: "iris.csv", targetColumn: "Species"))))
  }

  static var fullTraining: TrainingSpec {
    var training = TrainingSpec(
      algorithm: .mlp,
      dataset: DatasetSpec(
        name: "iris", uri: "iris.csv", sha256: String(repeating: "0", count: 64), targetColumn: "Species",
        dropColumns: ["Id"]),
      hyperparameters: [Hyperparameter(name: "learning_rate", value: "0.1")],
      layers: [LayerRequest(type: "dense", units: 1, filters: 1, kernel: 1, size: 1, rate: "0.1", activation: "relu")],
      checkpoint: CheckpointSpec(), modelName: "flowers")
    training.search = SearchRequest(
      parameters: [.init(name: "C", values: ["1"])], folds: 3, maxParallel: 2, objective: "Accuracy")
    return training
  }

  static var condition: Condition {
    Condition(
      type: "Succeeded", status: .unknown, reason: "Running", message: "m", lastTransitionTime: time,
      observedGeneration: 1)
  }

  static let model = ModelReference(name: "flowers", version: "v1", displayName: "d", id: "1", uri: "file:///m")
  static let metric = Metric(name: "accuracy", value: "0.9")
  static let failure = TaskFailure(reason: "BadData", message: "m", retryable: false)

  static var fullJob: TrainingJob {
    var job = Samples.job
    job.spec.training = fullTraining
    job.spec.workers = WorkerRange(min: 1, max: 2)
    job.spec.activeDeadlineSeconds = 60
    job.spec.ttlSecondsAfterFinished = 60
    var status = TrainingJobStatus()
    status.observedGeneration = 1
    status.conditions = [condition]
    status.progressPercentage = 50
    status.epoch = 1
    status.loss = "0.1"
    status.accuracy = "0.9"
    status.workers = 1
    status.startTime = time
    status.completionTime = time
    status.model = model
    status.metrics = [metric]
    status.failure = failure
    job.status = status
    return job
  }

  static var fullTask: TrainingTask {
    var status = TrainingTaskStatus(state: .failed)
    status.progressPercentage = 50
    status.epoch = 1
    status.step = 10
    status.loss = "0.1"
    status.accuracy = "0.9"
    status.startTime = time
    status.firstStepTime = MicroTimestamp(time)
    status.completionTime = time
    status.failure = failure
    status.model = model
    status.metrics = [metric]
    status.reporting = UnsentReports(reason: "RegistryUnavailable", message: "m", pending: 2)
    return TrainingTask(
      metadata: ObjectMeta(name: "iris-0-0"),
      spec: TrainingTaskSpec(
        jobName: "iris", jobUID: "u", attempt: 0, worker: WorkerReference(name: "warm-0", uid: "u"),
        training: fullTraining, group: RankGroup(),
        trial: Trial(index: 0, fold: 0, parameters: [Hyperparameter(name: "C", value: "1")]), reportIntervalSeconds: 5,
        stop: .draining),
      status: status)
  }

  static var fullPool: WorkerPool {
    var spec = WorkerPoolSpec(replicas: 2)
    spec.image = "tensorfleet/worker:latest"
    spec.imagePullPolicy = "Always"
    spec.imagePullSecrets = [LocalObjectReference(name: "registry")]
    spec.args = ["--verbose"]
    spec.env = [
      EnvVar(
        name: "A", value: "1",
        valueFrom: EnvVarSource(
          fieldRef: .init(fieldPath: "status.podIP"), secretKeyRef: .init(name: "s", key: "k", optional: true),
          configMapKeyRef: .init(name: "c", key: "k", optional: false)))
    ]
    spec.resources = ResourceRequirements(requests: ["cpu": "500m"], limits: ["memory": "2Gi"])
    spec.nodeSelector = ["disk": "ssd"]
    spec.tolerations = [
      Toleration(key: "gpu", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 5)
    ]
    spec.topologySpreadConstraints = [
      TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: LabelSelector(matchLabels: ["a": "b"]))
    ]
    spec.priorityClassName = "high"
    spec.dataClaimName = "data"
    spec.maxUnavailable = .percent(10)
    spec.autoscaling = AutoscalingSpec(
      minReplicas: 1, maxReplicas: 4, metrics: [["type": "Resource"]], behavior: ["scaleDown": [:]])
    var status = WorkerPoolStatus()
    status.observedGeneration = 1
    status.conditions = [condition]
    return WorkerPool(metadata: ObjectMeta(name: "warm"), spec: spec, status: status)
  }
}

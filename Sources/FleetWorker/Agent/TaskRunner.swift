import DataSources
import FleetAPI
import KubeClient
import KubeRuntime
import KubeTypes
import Logging
import Registry

/// Takes one task from its take-up to its terminal state.
struct TaskRunner: Sendable {
  let task: TrainingTask
  let control: TrainingControl
  private let engine: any TrainingEngine
  private let registry: any Registry
  private let sources: DataSources
  private let clock: any RuntimeClock
  private let log: Logger
  private let reporter: StatusReporter
  private let keeper: RunKeeper
  private let events: AsyncStream<TrainingEvent>
  private let tell: AsyncStream<TrainingEvent>.Continuation

  init(
    _ task: TrainingTask, control: TrainingControl, tasks: Resource<TrainingTask>, engine: any TrainingEngine,
    registry: any Registry, sources: DataSources, throttle: ReportThrottle, clock: any RuntimeClock, log: Logger
  ) {
    var log = log
    log[metadataKey: "task"] = "\(task.name)"
    self.task = task
    self.control = control
    self.engine = engine
    self.registry = registry
    self.sources = sources
    self.clock = clock
    self.log = log
    let writer = TaskStatusWriter(tasks: tasks, name: task.name, uid: task.uid)
    reporter = StatusReporter(
      throttle: throttle, clock: clock, log: log, write: { await writer.write($0) },
      onGone: { control.requestStop(.deleted) })
    keeper = RunKeeper(registry: registry, run: task.spec.run, clock: clock, log: log)
    (events, tell) = AsyncStream.makeStream(of: TrainingEvent.self)
  }

  /// Gives the task back though its step is not over: the process has no more time to wait for it.
  func abandon() { tell.yield(.ended(.stopped(.shutdown, control.progress))) }

  /// Runs the task. Returns its state at the end: terminal unless the task is gone or this was cancelled.
  func run() async -> TaskState {
    async let reporting: Void = reporter.run()
    async let keeping: Void = keeper.keepWriting()
    var status = task.status ?? TrainingTaskStatus(state: .running)
    status.state = .running
    status.startTime = status.startTime ?? clock.wallTime
    if control.stop == nil { await reporter.report(status, urgent: true) }

    do throws(TrainingFailure) {
      guard try await work(&status) else { return .running }
    } catch {
      log.warning("failed", metadata: ["reason": "\(error.reason)", "why": "\(error.message)"])
      status.fail(error, at: clock.wallTime)
    }

    await keeper.put(record(status.state))
    await keeper.close()
    // Whoever takes a stopped task over looks for its checkpoint at once.
    if status.state == .stopped { await keeping }
    if control.stop == .deleted { await reporter.abandon() } else { await reporter.report(status, urgent: true) }
    await reporter.close()
    await reporting
    await keeping
    if status.state == .succeeded { await forgetCheckpoints() }
    return status.state
  }

  /// Trains, or finds that this was done, and puts the outcome into `status`. Returns false where this task of Swift's was
  /// cancelled.
  private func work(_ status: inout TrainingTaskStatus) async throws(TrainingFailure) -> Bool {
    let plan = try await plan()
    if let model = plan.registered {
      log.info("the model was registered by an earlier attempt", metadata: ["model": "\(model.id)"])
      status.succeed(reference(to: model), metrics: Self.metrics(of: model), at: clock.wallTime)
      return true
    }
    await keeper.put(record(.running))
    // The cache may remove a file as soon as nobody holds it.
    defer { withExtendedLifetime(plan.download) {} }
    switch await train(plan, &status) {
    case .finished(let result, let progress):
      status.take(progress)
      if control.stop == .deleted {
        // Nobody wants the model of a job that is no more.
        status.state = .stopped
        return true
      }
      let model = try await register(result, plan)
      status.succeed(reference(to: model), metrics: result.metrics, at: clock.wallTime)
    case .stopped(let reason, let progress):
      if progress.step > 0 { status.take(progress) }
      status.state = .stopped
      status.completionTime = clock.wallTime
      log.info("stopped", metadata: ["reason": "\(reason)", "step": "\(progress.step)"])
    case .failed(let failure): throw failure
    case nil: return false
    }
    return true
  }

  // MARK: Before

  private struct Plan {
    var request: EngineRequest
    var fingerprint: String
    var datasetVersion: String?
    /// Keeps a file of the cache where it is.
    var download: SourceFile?
    var checkpoint: Checkpoint?
    /// What an earlier attempt registered before it could report it.
    var registered: ModelRecord?
  }

  private func plan() async throws(TrainingFailure) -> Plan {
    let spec = task.spec
    do { try RegistryName.checked(spec.modelName, "modelName") } catch { throw TrainingFailure(error) }
    let dataset = try await dataset()
    let fingerprint = spec.fingerprint(datasetVersion: dataset.version)
    let request = try EngineRequest(spec, datasetURI: dataset.uri)
    var plan = Plan(
      request: request, fingerprint: fingerprint, datasetVersion: dataset.version, download: dataset.download)
    // The first attempt has nothing to find, and the time to its first step is what people wait for.
    guard spec.attempt > 0 || task.state == .running else { return plan }
    plan.registered = try await fromRegistry { () async throws(RegistryError) in
      try await registry.model(spec.modelName, run: spec.run, fingerprint: fingerprint)
    }
    plan.checkpoint = try await fromRegistry { () async throws(RegistryError) in
      try await registry.newestCheckpoint(run: spec.run, fingerprint: fingerprint)
    }
    return plan
  }

  private func dataset() async throws(TrainingFailure) -> (uri: String, version: String?, download: SourceFile?) {
    let spec = task.spec.training.dataset
    switch (spec.name, spec.uri) {
    case (let name?, nil):
      let dataset = try await fromRegistry { () async throws(RegistryError) in
        try await registry.openDataset(name, version: nil)
      }
      return (dataset.path, dataset.record.version, nil)
    case (nil, let uri?):
      guard SourceOptions.isRemote(uri) else { return (uri, nil, nil) }
      log.info("fetches its data")
      let spec = task.spec.training.dataset
      let file = try await RemoteDataset.fetch(uri, spec, sources: sources, control: control, clock: clock)
      return (file?.path ?? uri, file?.sha256, file)
    default:
      throw TrainingFailure(
        reason: "InvalidRequest", message: "dataset must have either a name or a uri", retryable: false)
    }
  }

  /// Asks the registry, again and again while it is away for a short time.
  private func fromRegistry<T: Sendable>(
    _ call: () async throws(RegistryError) -> T
  ) async throws(TrainingFailure) -> T {
    do { return try await persistently(clock: clock, call) } catch { throw TrainingFailure(error) }
  }

  // MARK: Training

  /// Trains on a thread of its own and tells of it. Returns nil where this task of Swift's was cancelled.
  private func train(_ plan: Plan, _ status: inout TrainingTaskStatus) async -> TrainingEnd? {
    if let checkpoint = plan.checkpoint {
      log.info("continues", metadata: ["epoch": "\(checkpoint.epoch)", "step": "\(checkpoint.step)"])
    }
    let tell = tell
    let loop = TrainingLoop(
      engine: engine, request: plan.request, checkpoint: plan.checkpoint?.data,
      policy: CheckpointPolicy(task.spec.training.checkpoint, start: clock.now), control: control, clock: clock,
      tell: { tell.yield($0) })
    do { try TrainingThread.start { loop.run() } } catch { return .failed(error) }
    for await event in events {
      switch event {
      case .firstStep(let progress, let time):
        status.take(progress)
        status.firstStepTime = status.firstStepTime ?? MicroTimestamp(time)
        await reporter.report(status, urgent: true)
      case .progress(let progress):
        status.take(progress)
        await reporter.report(status, urgent: false)
      case .epoch(let progress): await keeper.add(point(progress))
      case .checkpoint(let progress, let data):
        await keeper.keep(
          Checkpoint(
            run: task.spec.run, fingerprint: plan.fingerprint, attempt: task.spec.attempt, epoch: progress.epoch,
            step: progress.step, data: data))
      case .checkpointRefused(let why):
        log.warning("the checkpoint cannot be used; beginning anew", metadata: ["why": "\(why)"])
      case .ended(let end): return end
      }
    }
    control.requestStop(.shutdown)
    return nil
  }

  private func point(_ progress: EngineProgress) -> HistoryPoint {
    var metrics: [String: Double] = [:]
    metrics["train_loss"] = progress.loss
    metrics["train_accuracy"] = progress.accuracy
    metrics["test_loss"] = progress.testLoss
    metrics["test_accuracy"] = progress.testAccuracy
    return HistoryPoint(
      key: HistoryPoint.Key(
        attempt: task.spec.attempt, rank: task.spec.group.rank, epoch: progress.epoch, step: progress.step),
      metrics: metrics.filter(\.value.isFinite))
  }

  // MARK: After

  private func register(_ result: EngineResult, _ plan: Plan) async throws(TrainingFailure) -> ModelRecord {
    let spec = task.spec
    let time = clock.wallTime
    let info = ModelInfo(
      name: spec.modelName,
      displayName: ModelNaming.displayName(
        algorithm: spec.training.algorithm.rawValue, accuracy: result[metric: "accuracy"], time: time),
      algorithm: spec.training.algorithm.rawValue, hyperparameters: plan.request.hyperparameters,
      metrics: Dictionary(result.metrics.filter(\.value.isFinite).map { ($0.name, $0.value) }) { $1 },
      features: result.features, targetColumn: result.targetColumn,
      dataset: spec.training.dataset.name ?? spec.training.dataset.uri ?? "", datasetFingerprint: dataFingerprint(plan),
      run: spec.run, fingerprint: plan.fingerprint, trainingTime: result[metric: "training_time"] ?? 0)
    let draft = ModelDraft(
      info: info, files: result.files.map { ModelDraft.File(name: $0.name, data: $0.data) })
    return try await fromRegistry { () async throws(RegistryError) in try await registry.registerModel(draft) }
  }

  private func dataFingerprint(_ plan: Plan) -> String {
    if let version = plan.datasetVersion { return version }
    let uri = plan.request.datasetURI
    let version = engine.path(ofDataset: uri).flatMap { try? contentVersion(of: $0) }
    return version ?? SHA256.hex(of: Array(uri.utf8))
  }

  private func reference(to model: ModelRecord) -> ModelReference {
    ModelReference(
      name: model.info.name, version: model.version, displayName: model.info.displayName, id: model.id, uri: model.uri)
  }

  private static func metrics(of model: ModelRecord) -> [(name: String, value: Double)] {
    model.info.metrics.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func record(_ state: TaskState) -> RunRecord {
    let training = task.spec.training
    return RunRecord(
      id: task.spec.run, job: task.spec.jobName, namespace: task.namespace, algorithm: training.algorithm.rawValue,
      hyperparameters: Dictionary(training.hyperparameters.map { ($0.name, $0.value) }) { $1 },
      dataset: training.dataset.name ?? training.dataset.uri ?? "", attempt: task.spec.attempt, state: state.rawValue)
  }

  /// The model is registered and reported: nothing will be continued.
  private func forgetCheckpoints() async {
    guard task.spec.group.rank == 0 else { return }
    do { try await registry.deleteCheckpoints(run: task.spec.run) } catch {
      log.warning("old checkpoints remain", metadata: ["why": "\(error)"])
    }
  }
}

extension TrainingFailure {
  init(_ error: RegistryError) {
    self.init(reason: error.reason, message: error.message, retryable: error.retryable)
  }
}

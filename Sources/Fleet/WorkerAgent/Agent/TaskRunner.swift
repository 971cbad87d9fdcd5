import Basics
import Fetching
import FleetAPI
import Foundation
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging
import Registries
import TrainingDefinition

/// What all tasks of a worker share.
struct WorkerParts: Sendable {
  let tasks: Resource<TrainingTask>
  let engine: any TrainingEngine
  let registry: any Registry
  let reports: ReportSender
  let sources: DataSources
  let throttle: ReportThrottle
  let host: HostFacts
  /// How long a trained model is waited for before its task is reported as waiting for the registry.
  let patience: Duration
  /// What a task that must go may still wait for.
  let lastPatience: Duration
  let clock: any RuntimeClock
  let log: Logger
}

/// Takes one task from its take-up to its terminal state, and what it leaves behind into the registry.
struct TaskRunner: Sendable {
  let task: TrainingTask
  let control: TrainingControl
  let parts: WorkerParts
  let reporter: StatusReporter
  let log: Logger
  private let events = TrainingEvents()
  /// Called once the worker can take up another task though this one is not over.
  private let onFree: @Sendable () async -> Void

  /// A training that is over sooner has one record, of its end: what comes first in line delays the model.
  private static let settlingTime = Duration.milliseconds(200)
  /// How long a stopped task waits for its checkpoint to be kept, which whoever takes it over looks for at once.
  private static let stoppedPatience = Duration.seconds(5)
  /// How long the registry may take for what comes after the end before people are told that it lacks something.
  private static let endPatience = Duration.milliseconds(500)

  init(
    _ task: TrainingTask, control: TrainingControl, parts: WorkerParts, onFree: @escaping @Sendable () async -> Void
  ) {
    var log = parts.log
    log[metadataKey: "task"] = "\(task.name)"
    self.task = task
    self.control = control
    self.parts = parts
    self.log = log
    self.onFree = onFree
    let writer = TaskStatusWriter(tasks: parts.tasks, name: task.name, uid: task.uid)
    reporter = StatusReporter(
      throttle: parts.throttle.slowed(to: task.spec.reportIntervalSeconds), clock: parts.clock, log: log,
      write: { await writer.write($0) },
      onGone: { control.requestStop(.deleted) })
  }

  var clock: any RuntimeClock { parts.clock }
  var reports: ReportSender { parts.reports }
  var run: String { task.spec.run }
  private var voice: GroupVoice { GroupVoice(task.spec.group) }

  /// Brings a report on its way, where it is this member's to make.
  private func tell(_ report: Report) async {
    if voice.speaksForTheGroup { await reports.add(report) }
  }

  /// Gives the task back though its step is not over: the process has no more time to wait for it.
  func abandon() { events.tell(.ended(.stopped(.shutdown, control.progress))) }

  /// Runs the task. Returns its state at the end: terminal unless the task is gone or this was cancelled.
  func work() async -> TaskState {
    async let reporting: Void = reporter.run()
    if task.isFinished, var status = task.status {
      await linger(&status)
      await reporter.close()
      await reporting
      return status.state
    }
    var status = task.status ?? TrainingTaskStatus(state: .running)
    var facts = RunFacts(task, host: parts.host, clock: clock)
    var model: Int?
    do throws(TrainingFailure) {
      let isOver =
        task.state == .reporting ? try await resume(&status, &model) : try await train(&status, &facts, &model)
      guard isOver else { return status.state }
    } catch {
      log.warning("failed", metadata: ["reason": "\(error.reason)", "why": "\(error.message)"])
      status.fail(error, at: clock.wallTime)
    }
    await end(&status, facts)
    await reporter.close()
    await reporting
    // Not before its outcome is written: whoever is started again before that finds the model and asks once more.
    if let model, status.state != .stopped, !Task.isCancelled { await reports.release(model) }
    return status.state
  }

  // MARK: Beginning

  /// Goes on with a trained task whose model an earlier process kept.
  /// - Parameter model: gets what the model is claimed under.
  /// - Returns: false where this task of Swift's was cancelled.
  private func resume(
    _ status: inout TrainingTaskStatus, _ model: inout Int?
  ) async throws(TrainingFailure) -> Bool {
    model = await reports.claimModel(run: run, fingerprint: nil)
    guard let model else {
      switch try await registered(since: status.startTime) {
      case .value(let known?):
        log.info("an earlier process has delivered the model", metadata: ["model": "\(known.id)"])
        status.succeed(known, at: clock.wallTime)
        return true
      case .stopped:
        status.stop(at: clock.wallTime)
        return control.stop != nil
      case .value(nil), .gaveUp: break
      }
      throw TrainingFailure(
        reason: "SpoolLost",
        message: "the model waited on this worker's disk for the registry, and is not there any more", retryable: true)
    }
    log.info("goes on with a model that waits for the registry")
    return try await deliver(model, &status, onFree)
  }

  /// The model that this very attempt has registered: a process that was killed may have delivered it and not have said so.
  private func registered(
    since begin: Timestamp?
  ) async throws(TrainingFailure) -> RegistryPatience.Answer<ModelRecord?> {
    let query = ModelQuery(name: task.spec.modelName, run: run)
    let (registry, log) = (parts.registry, log)
    do {
      return try await RegistryPatience(clock: clock, control: control).ask(onFailure: { error in
        log.warning("asks the registry for the model again", metadata: ["why": "\(error)"])
      }) { () async throws(RegistryError) in
        try await registry.listModels(query).items.first { model in
          model.created.timeIntervalSince1970 >= (begin?.secondsSince1970 ?? 0).rounded(.down)
        }
      }
    } catch { throw TrainingFailure(error) }
  }

  /// Trains, or finds that this was done, and puts the outcome into `status`.
  /// - Returns: false where this task of Swift's was cancelled.
  private func train(
    _ status: inout TrainingTaskStatus, _ facts: inout RunFacts, _ model: inout Int?
  ) async throws(TrainingFailure) -> Bool {
    status.state = .running
    status.startTime = status.startTime ?? clock.wallTime
    facts.begun = status.startTime
    if control.stop == nil { await reporter.report(status, urgent: true) }
    guard let plan = try await plan(&status) else {
      guard control.stop != nil else { return false }
      status.stop(at: clock.wallTime)
      return true
    }
    facts.datasetFingerprint = plan.datasetVersion
    switch plan.done {
    case .registered(let known)?:
      log.info("the model was registered by an earlier attempt", metadata: ["model": "\(known.id)"])
      status.succeed(known, at: clock.wallTime)
      return true
    case .kept(let kept)?:
      model = kept
      return try await deliver(kept, &status, onFree)
    case nil: break
    }
    // A cache may remove a file as soon as nobody holds it.
    defer { withExtendedLifetime(plan.holds) {} }
    let end = try await trained(plan, &status, &facts)
    switch end {
    case .submitted(let made):
      model = made
      return try await deliver(made, &status, onFree)
    case .stopped: return true
    case .cancelled: return false
    }
  }

  private enum Trained {
    case submitted(Int)
    case stopped
    case cancelled
  }

  /// Trains, and gives the model away: from here on it lies with the reports, in memory only as long as it must.
  private func trained(
    _ plan: PreparedTraining, _ status: inout TrainingTaskStatus, _ facts: inout RunFacts
  ) async throws(TrainingFailure) -> Trained {
    switch await follow(plan, &status, facts) {
    case .finished(let result, let progress):
      status.take(progress)
      status.take(result.metrics)
      guard voice.speaksForTheGroup else {
        // Its part is done; the model is for rank 0 to register.
        status.succeedAsMember(at: clock.wallTime)
        return .stopped
      }
      facts.datasetFingerprint = await DatasetFingerprint.of(plan, parts.engine, log: log)
      if control.isDeleted {
        // Nobody wants the model of a job that is no more.
        status.state = .stopped
        return .stopped
      }
      return .submitted(await reports.submit(facts.draft(result, plan)))
    case .stopped(let reason, let progress):
      if progress.step > 0 { status.take(progress) }
      status.stop(at: clock.wallTime)
      log.info("stopped", metadata: ["reason": "\(reason)", "step": "\(progress.step)"])
      return .stopped
    case .failed(let failure): throw failure
    case nil: return .cancelled
    }
  }

  // MARK: Training

  /// Trains on a thread of its own and tells of it. Returns nil where this task of Swift's was cancelled.
  private func follow(
    _ plan: PreparedTraining, _ status: inout TrainingTaskStatus, _ facts: RunFacts
  ) async -> TrainingEnd? {
    if let checkpoint = plan.checkpoint {
      log.info("continues", metadata: ["epoch": "\(checkpoint.epoch)", "step": "\(checkpoint.step)"])
    }
    let events = events
    let loop = TrainingLoop(
      engine: parts.engine, request: plan.request, checkpoint: plan.checkpoint?.data,
      policy: CheckpointPolicy(task.spec.training.checkpoint, start: clock.now), control: control, clock: clock,
      tell: { events.tell($0) })
    do { try SystemThread.start { loop.run() } } catch {
      return .failed(
        TrainingFailure(
          reason: "NoThread", message: "the worker could not start a thread: \(error)", retryable: true))
    }
    let known = status.reporting
    let watch = Task {
      guard (try? await clock.sleep(for: Self.settlingTime)) != nil else { return }
      events.tell(.settledIn)
      await watchReports(known: known)
    }
    defer { watch.cancel() }
    while let event = await events.next() {
      switch event {
      case .firstStep(let progress, let time):
        status.take(progress)
        status.firstStepTime = status.firstStepTime ?? MicroTimestamp(time)
        await reporter.report(status, urgent: true)
      case .progress(let progress):
        status.take(progress)
        await reporter.report(status, urgent: false)
      case .epoch(let progress): await tell(.history([point(progress, .epoch)], run: run))
      case .sample(let progress): await tell(.history([point(progress, .step)], run: run))
      case .checkpoint(let progress, let data):
        await tell(
          .checkpoint(
            Checkpoint(
              run: run, fingerprint: plan.fingerprint, attempt: task.spec.attempt, epoch: progress.epoch,
              step: progress.step, data: data)))
      case .checkpointRefused(let why):
        log.warning("the checkpoint cannot be used; beginning anew", metadata: ["why": "\(why)"])
      case .settledIn: await tell(.run(facts.record(status)))
      case .unsent(let unsent):
        status.reporting = unsent
        await reporter.report(status, urgent: false)
      case .ended(let end): return end
      }
    }
    control.requestStop(.shutdown)
    return nil
  }

  /// Tells, while it trains, what the registry lacks.
  private func watchReports(known: UnsentReports?) async {
    var news = UnsentNews(known)
    while (try? await clock.sleep(for: .milliseconds(500))) != nil {
      let unsent = await reports.unsent(of: run)
      if news.take(unsent, at: clock.now) { events.tell(.unsent(unsent)) }
    }
  }

  private func point(_ progress: EngineProgress, _ scope: HistoryPoint.Scope) -> HistoryPoint {
    var metrics: [String: Double] = [:]
    metrics[MetricName.trainLoss] = progress.loss
    metrics[MetricName.trainAccuracy] = progress.accuracy
    // Measured at the ends of epochs.
    if scope == .epoch {
      metrics[MetricName.testLoss] = progress.testLoss
      metrics[MetricName.testAccuracy] = progress.testAccuracy
    }
    return HistoryPoint(
      key: HistoryPoint.Key(
        attempt: task.spec.attempt, rank: task.spec.group.rank, epoch: progress.epoch, step: progress.step),
      scope: scope, metrics: metrics.filter(\.value.isFinite))
  }

  // MARK: Ending

  /// Reports the end, and stays until the registry has everything, or nobody can wait for it any longer; the worker is free
  /// meanwhile.
  private func end(_ status: inout TrainingTaskStatus, _ facts: RunFacts) async {
    await tell(.run(facts.record(status)))
    if status.state == .succeeded { await tell(.checkpointsOver(run: run)) }
    if control.isDeleted {
      await reporter.abandon()
    } else {
      if status.state == .stopped, await reports.hasCheckpoint(of: run) {
        // Whoever takes a stopped task over looks for its checkpoint at once.
        await reports.tryNow()
        let isHurried = if control.isShuttingDown { true } else { await reports.isAway }
        _ = await reports.settle(run, within: isHurried ? parts.lastPatience : Self.stoppedPatience)
      } else if await !reports.isAway {
        // Milliseconds, usually: then one write says both that it is over and that the registry has all of it.
        _ = await reports.settle(run, within: Self.endPatience)
      }
      status.reporting = await unsent()
      await reporter.report(status, urgent: true)
    }
    // What is left needs the registry only.
    await onFree()
    await linger(&status)
  }

  /// Tells what the registry lacks of a task that is over, until it lacks nothing.
  private func linger(_ status: inout TrainingTaskStatus) async {
    var news = UnsentNews(status.reporting)
    var isSettled = false
    while !isSettled, !control.isDeleted, !control.isShuttingDown, !Task.isCancelled {
      isSettled = await reports.settle(run, within: .milliseconds(500))
      let unsent = await unsent()
      if !isSettled, news.take(unsent, at: clock.now) {
        status.reporting = unsent
        await reporter.report(status, urgent: false)
      }
    }
    if !isSettled, !control.isDeleted {
      await reports.tryNow()
      isSettled = await reports.settle(run, within: parts.lastPatience)
    }
    if isSettled { await tellDelivered(&status) }
  }

  private func tellDelivered(_ status: inout TrainingTaskStatus) async {
    guard status.reporting != nil, !control.isDeleted else { return }
    status.reporting = nil
    await reporter.report(status, urgent: true)
  }
}

extension TrainingFailure {
  init(_ error: RegistryError) {
    self.init(reason: error.reason, message: error.message, retryable: error.retryable)
  }
}

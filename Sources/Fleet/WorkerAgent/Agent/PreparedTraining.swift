import Basics
import Fetching
import FleetAPI
import KubeRuntime
import Logging
import Registries

/// What there is to train, once names are looked up.
struct PreparedTraining: Sendable {
  var request: EngineRequest
  var fingerprint: String
  /// The version of a registry's data set, or the hash of a file that was fetched.
  var datasetVersion: String?
  /// Keep files of caches where they are.
  var holds: [any AnyObject & Sendable] = []
  var checkpoint: Checkpoint?
  /// What an earlier attempt, or process, has done already.
  var done: Done?

  enum Done: Sendable {
    case registered(ModelRecord)
    /// A model that waits in the spool.
    case kept(Int)
  }
}

extension TaskRunner {
  /// How long an attempt after the first waits for a registry that is away, to learn what is done already.
  private static let patience = Duration.seconds(60)

  /// Looks up all that the training needs.
  /// - Returns: nil where the task shall stop, or this was cancelled.
  func plan(_ status: inout TrainingTaskStatus) async throws(TrainingFailure) -> PreparedTraining? {
    let spec = task.spec
    do { try RegistryName.checked(spec.modelName, "modelName") } catch { throw TrainingFailure(error) }
    guard let dataset = try await dataset(&status) else { return nil }
    let fingerprint = spec.fingerprint(datasetVersion: dataset.version)
    let request = try EngineRequest(spec, datasetURI: dataset.uri)
    var plan = PreparedTraining(
      request: request, fingerprint: fingerprint, datasetVersion: dataset.version,
      holds: [dataset.hold].compactMap { $0 })
    // The first attempt has nothing to find, and the time to its first step is what people wait for.
    guard spec.attempt > 0 || task.state == .running else { return plan }
    if let model = await reports.claimModel(run: run, fingerprint: fingerprint) {
      plan.done = .kept(model)
      return plan
    }
    let kept = await reports.checkpoint(run: run, fingerprint: fingerprint)
    // With one at hand a registry that is away is not waited for.
    let deadline = clock.now + (kept == nil ? Self.patience : .zero)
    let (registry, run) = (parts.registry, run)
    switch try await ask(
      "to learn what is done already", &status, until: deadline,
      { () async throws(RegistryError) in
        if let model = try await registry.model(spec.modelName, run: run, fingerprint: fingerprint) {
          return (model as ModelRecord?, nil as Checkpoint?)
        }
        return (nil, try await registry.newestCheckpoint(run: run, fingerprint: fingerprint))
      })
    {
    case .stopped: return nil
    case .gaveUp(let error):
      plan.checkpoint = kept
      let what = kept == nil ? "begins anew" : "goes on from its own checkpoint"
      log.warning("the registry is away; \(what)", metadata: ["why": "\(error)"])
    case .value((let model?, _)): plan.done = .registered(model)
    case .value((nil, let saved)): plan.checkpoint = Self.newer(kept, saved)
    }
    return plan
  }

  private static func newer(_ first: Checkpoint?, _ second: Checkpoint?) -> Checkpoint? {
    guard let first, let second else { return first ?? second }
    return (first.attempt, first.step) >= (second.attempt, second.step) ? first : second
  }

  private struct FoundDataset {
    var uri: String
    var version: String?
    var hold: (any AnyObject & Sendable)?
  }

  private func dataset(_ status: inout TrainingTaskStatus) async throws(TrainingFailure) -> FoundDataset? {
    let spec = task.spec.training.dataset
    switch (spec.name, spec.uri) {
    case (let name?, nil):
      let registry = parts.registry
      // There is no training without it: a registry that is away is waited for.
      let answer = try await ask("for the data set \(name)", &status, until: nil) { () async throws(RegistryError) in
        try await registry.openDataset(name, version: nil)
      }
      guard case .value(let dataset) = answer else { return nil }
      return FoundDataset(uri: dataset.path, version: dataset.record.version, hold: dataset.hold)
    case (nil, let uri?):
      guard SourceOptions.isRemote(uri) else { return FoundDataset(uri: uri) }
      log.info("fetches its data")
      let file = try await RemoteDataset.fetch(uri, spec, sources: parts.sources, control: control, clock: clock)
      guard let file else { return nil }
      return FoundDataset(uri: file.path, version: file.sha256, hold: file)
    default:
      throw TrainingFailure(
        reason: "InvalidRequest", message: "dataset must have either a name or a uri", retryable: false)
    }
  }

  /// Asks the registry, and says in the task's status that it waits while it is away.
  private func ask<Value: Sendable>(
    _ what: String, _ status: inout TrainingTaskStatus, until deadline: Duration?,
    _ call: @escaping @Sendable () async throws(RegistryError) -> Value
  ) async throws(TrainingFailure) -> RegistryPatience.Answer<Value> {
    var waiting = status
    var news = UnsentNews(status.reporting)
    let answer: RegistryPatience.Answer<Value>
    do {
      answer = try await RegistryPatience(clock: clock, control: control).ask(
        until: deadline,
        onFailure: { error in
          let unsent = UnsentReports(
            reason: error.reason, message: "waits for the registry \(what): \(error.message)",
            pending: await reports.pending(of: run))
          guard news.take(unsent, at: clock.now) else { return }
          log.warning("waits for the registry", metadata: ["why": "\(error)"])
          waiting.reporting = unsent
          await reporter.report(waiting, urgent: true)
        }, call)
    } catch { throw TrainingFailure(error) }
    if waiting.reporting != status.reporting { await reporter.report(status, urgent: false) }
    return answer
  }
}

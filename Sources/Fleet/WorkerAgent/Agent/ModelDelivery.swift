import Basics
import FleetAPI
import KubeRuntime
import KubeTypes
import Logging
import Registries

extension TaskRunner {
  /// How often a model that waits looks for what is new.
  private static let look = Duration.milliseconds(100)

  /// Waits until the registry has the model, and puts the outcome into `status`. When that takes longer, the model goes to
  /// disk, the task is `Reporting`, and the worker is free.
  /// - Parameters:
  ///   - model: what it was submitted, or claimed, under.
  ///   - onFree: called once the model is safe on disk.
  /// - Returns: false where this task of Swift's was cancelled.
  /// - Throws: what the registry refuses the model with for good.
  func deliver(
    _ model: Int, _ status: inout TrainingTaskStatus, _ onFree: @Sendable () async -> Void
  ) async throws(TrainingFailure) -> Bool {
    var news = UnsentNews(status.reporting)
    var isFree = false
    var outcome = await reports.outcome(of: model, within: await reports.isAway ? .zero : parts.patience)
    while outcome == nil {
      if Task.isCancelled { return false }
      let problem = await reports.secure(model)
      // It may have arrived just now, and nothing of it be on disk: that is no task that waits.
      outcome = await reports.outcome(of: model, within: .zero)
      if outcome != nil { break }
      if problem == nil, !isFree {
        isFree = true
        status.state = .reporting
        status.reporting = await unsent()
        _ = news.take(status.reporting, at: clock.now)
        log.info("trained; the model waits for the registry", metadata: ["why": "\(status.reporting?.message ?? "")"])
        await reporter.report(status, urgent: true)
        await onFree()
      } else {
        let unsent = if let problem { problem } else { await unsent() }
        if news.take(unsent, at: clock.now) {
          status.reporting = unsent
          await reporter.report(status, urgent: false)
        }
      }
      outcome = await reports.outcome(of: model, within: Self.look)
      guard outcome == nil, let reason = control.leave else { continue }
      if reason != .deleted {
        await reports.tryNow()
        outcome = await reports.outcome(of: model, within: parts.lastPatience)
      }
      if outcome == nil {
        log.info("given back with a model that the registry did not take", metadata: ["reason": "\(reason)"])
        // What is on disk stays there for as long as the disk does: the registry may be back before that.
        if reason == .deleted { await reports.release(model) } else { await reports.unclaim(model) }
        status.stop(at: clock.wallTime)
        return true
      }
    }
    switch outcome {
    case .registered(let record)?: status.succeed(record, at: clock.wallTime)
    case .refused(let error)?: throw TrainingFailure(error)
    case .lost(let why)?: throw TrainingFailure(reason: "SpoolLost", message: why, retryable: true)
    case nil: return false
    }
    return true
  }

  /// What the registry lacks of this run, and why; nil where it has everything.
  func unsent() async -> UnsentReports? {
    if let unsent = await reports.unsent(of: run) { return unsent }
    let pending = await reports.pending(of: run)
    guard pending > 0 else { return nil }
    return UnsentReports(reason: "RegistrySlow", message: "the registry has not answered yet", pending: pending)
  }
}

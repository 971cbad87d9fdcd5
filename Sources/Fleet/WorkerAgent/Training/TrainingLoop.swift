import Basics
import FleetAPI
import KubeRuntime
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the training thread tells.
enum TrainingEvent: Sendable {
  /// The first step of this attempt is done.
  case firstStep(EngineProgress, at: Timestamp)
  /// A whole percent or an epoch more is done.
  case progress(EngineProgress)
  /// An epoch is over.
  case epoch(EngineProgress)
  /// A step that is worth a point in the history.
  case sample(EngineProgress)
  case checkpoint(EngineProgress, Data)
  /// A checkpoint that could not be used, and why: the training begins anew.
  case checkpointRefused(String)
  /// It has gone on for long enough that people may look for it in the registry. Not of the training thread.
  case settledIn
  /// What the registry lacks has changed. Not of the training thread.
  case unsent(UnsentReports?)
  /// The last event.
  case ended(TrainingEnd)
}

enum TrainingEnd: Sendable {
  case finished(EngineResult, EngineProgress)
  case stopped(StopReason, EngineProgress)
  case failed(TrainingFailure)
}

/// Trains from the first to the last step, on the thread that calls it, and tells of it.
struct TrainingLoop: Sendable {
  let engine: any TrainingEngine
  let request: EngineRequest
  /// What to go on from.
  let checkpoint: Data?
  let policy: CheckpointPolicy
  let control: TrainingControl
  let clock: any RuntimeClock
  let tell: @Sendable (TrainingEvent) -> Void

  func run() {
    do {
      let end = try train()
      tell(.ended(end))
    } catch { tell(.ended(.failed(error))) }
  }

  private func train() throws(TrainingFailure) -> TrainingEnd {
    if let reason = control.stop { return .stopped(reason, EngineProgress()) }
    let session = try open()
    var policy = policy
    var last = session.progress
    control.began(last, at: clock.now)
    var sampler = StepSampler(fraction: last.fraction, at: clock.now)
    var isFirst = true
    while !session.isFinished {
      if let reason = control.stop {
        // Without a step there is nothing that the next attempt would not have anyway.
        if !isFirst, let data = try session.checkpoint() { tell(.checkpoint(last, data)) }
        return .stopped(reason, last)
      }
      try session.step()
      let progress = session.progress
      if isFirst { tell(.firstStep(progress, at: clock.wallTime)) }
      isFirst = false
      control.stepped(progress)
      if progress.epoch > last.epoch {
        tell(.epoch(progress))
        if !session.isFinished, policy.isDue(afterEpoch: progress.epoch, at: clock.now),
          let data = try session.checkpoint()
        {
          tell(.checkpoint(progress, data))
        }
      } else if sampler.isDue(fraction: progress.fraction, at: clock.now) {
        tell(.sample(progress))
      }
      if progress.epoch > last.epoch || progress.percentage > last.percentage { tell(.progress(progress)) }
      last = progress
    }
    return .finished(try session.finish(), last)
  }

  private func open() throws(TrainingFailure) -> any EngineSession {
    let session = try engine.open(request)
    guard let checkpoint else { return session }
    do {
      try session.restore(checkpoint)
      return session
    } catch {
      tell(.checkpointRefused(error.message))
      return try engine.open(request)
    }
  }
}

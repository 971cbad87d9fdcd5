import Foundation
import TrainingDefinition

/// Runs a search within one process.
package struct LocalSearch {
  package let plan: SearchPlan
  private let data: SearchData
  private let splits: SearchSplits

  /// - Throws: what `SearchSplits` throws: everything about the data that makes the search impossible.
  package init(_ plan: SearchPlan, _ data: SearchData) throws(LearningError) {
    self.plan = plan
    self.data = data
    splits = try SearchSplits(plan, data)
  }

  /// A session that trains `trial` on its fold, for an owner that takes the steps itself.
  /// - Throws: what `Trainer.load` throws.
  package func session(_ trial: Trial) throws(LearningError) -> any TrainingSession {
    try Trainer.load(plan.request(trial), dataset: try data.dataset(splits.split(trial)))
  }

  /// A session that trains the best combination on all training rows.
  /// - Throws: `noTrialSucceeded`, and what `Trainer.load` throws.
  package func refit(_ result: SearchResult) throws(LearningError) -> any TrainingSession {
    try Trainer.load(plan.request(try result.choose().parameters), dataset: try data.whole())
  }

  /// Runs the trials that `known` does not have a result of, in the order of their numbers.
  ///
  /// Trials share nothing, so `atOnce` changes times only, and the last bits of what OpenBLAS sums: those depend on how
  /// many threads it has.
  /// - Parameters:
  ///   - atOnce: trials at a time, at most the threads of the process; they divide its CPUs, each computing on its own.
  ///   - known: outcomes of an earlier run of the same plan.
  ///   - progress: told of each new outcome, with how many trials have one. One call at a time, from several threads.
  ///   - isCancelled: asked before every step of every trial, one call at a time. Once it says yes, trials in progress
  ///     are given up, and the result holds what was reached; give its outcomes to `known` to go on.
  /// - Returns: the table of all outcomes; a trial's error is its outcome.
  package func run(
    atOnce: Int = 1, known: [TrialOutcome] = [], progress: (TrialOutcome, Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) -> SearchResult {
    let remaining = plan.remaining(after: known)
    let lanes = max(1, min(atOnce, ThreadPool.shared.threads, remaining.count))
    // One library serves all trials: its threads are theirs together. Where there is none, trials that need it fail.
    let blas = lanes > 1 ? try? Blas.load() : nil
    let blasThreads = blas?.threads ?? 1
    blas?.setThreads(max(1, blasThreads / lanes))
    defer { blas?.setThreads(blasThreads) }

    let lock = NSLock()
    var outcomes = known.filter(\.isFinal)
    var next = 0
    var cancelled = false
    func isStopped() -> Bool {
      lock.withLock {
        cancelled = cancelled || isCancelled()
        return cancelled
      }
    }
    func work() {
      while !isStopped() {
        let number = lock.withLock { () -> Int? in
          guard next < remaining.count else { return nil }
          next += 1
          return remaining[next - 1]
        }
        guard let number, let outcome = outcome(plan.trial(number), unless: isStopped) else { return }
        lock.withLock {
          outcomes.append(outcome)
          progress(outcome, outcomes.count)
        }
      }
    }
    if lanes > 1 { ThreadPool.shared.run(lanes) { _ in work() } } else { work() }
    return SearchResult(plan, outcomes: outcomes)
  }

  /// Trains and judges one trial; nil when told to stop.
  private func outcome(_ trial: Trial, unless isStopped: () -> Bool) -> TrialOutcome? {
    let start = ContinuousClock.now
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
    do throws(LearningError) {
      let session = try session(trial)
      while !session.isFinished {
        if isStopped() { return nil }
        try session.step()
      }
      return TrialOutcome(trial: trial.index, metrics: try session.finish().metrics, seconds: seconds)
    } catch {
      let failure = TrialOutcome.Failure(reason: error.reason, message: error.message, retryable: error.retryable)
      return TrialOutcome(trial: trial.index, failure: failure, seconds: seconds)
    }
  }
}

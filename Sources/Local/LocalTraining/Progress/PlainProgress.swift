/// Decides which changes of a job are worth a line where lines cannot be drawn over: a new state, another tenth of the way, a
/// new reason to wait.
struct PlainProgress: Sendable {
  private struct Said: Sendable, Equatable {
    var state: String
    var tenth: Int
    var message: String?
  }
  private var said: [String: Said] = [:]

  /// The lines for the jobs that have something new.
  mutating func lines(_ jobs: [JobSnapshot]) -> [String] {
    jobs.compactMap { job in
      let now = Said(state: job.state, tenth: job.percent / 10, message: job.message)
      guard said[job.name] != now else { return nil }
      said[job.name] = now
      return ProgressLines.plain(job)
    }
  }
}

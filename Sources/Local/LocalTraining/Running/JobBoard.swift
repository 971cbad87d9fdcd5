import FleetAPI
import KubeRuntime
import KubeTypes
import Synchronization

/// The jobs of a run as they were last seen, in the order they were given.
final class JobBoard: Sendable {
  private struct Contents {
    var jobs: [ObjectKey: TrainingJob] = [:]
    var isChanged = false
  }
  private let order: [ObjectKey]
  private let contents = Mutex(Contents())

  init(_ order: [ObjectKey]) { self.order = order }

  /// Takes in a change. A job that was deleted, by its own time to live, stays as it last was.
  func take(_ change: ObjectChange<TrainingJob>) {
    contents.withLock { contents in
      contents.jobs[change.key] = change.object
      contents.isChanged = true
    }
  }

  var jobs: [TrainingJob] {
    let jobs = contents.withLock { $0.jobs }
    return order.compactMap { jobs[$0] }
  }

  /// True once after every change.
  func takeChange() -> Bool {
    contents.withLock { contents in
      defer { contents.isChanged = false }
      return contents.isChanged
    }
  }

  /// True when nothing more will happen by itself: each job is finished, or suspended with nobody here to resume it.
  var isOver: Bool {
    contents.withLock { contents in
      order.allSatisfy { key in
        guard let job = contents.jobs[key] else { return false }
        return job.isFinished || job.state == JobCondition.Reason.suspended
      }
    }
  }
}

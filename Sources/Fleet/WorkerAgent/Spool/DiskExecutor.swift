import Dispatch

/// A thread of the system's for an actor that waits for disks: Swift's own few threads must go on serving everything else.
final class DiskExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "tensorfleet.spool")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}

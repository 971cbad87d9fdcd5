import Basics
import CProcess
import Foundation
import Synchronization

/// A child process with a process group of its own, waited for by a thread of its own.
///
/// The thread is what the kernel ties the child's life to (`PR_SET_PDEATHSIG` follows the thread that forked): however this
/// process ends, no child is left behind. It blocks in `waitid`, so an end is known at once.
final class ChildProcess: Sendable {
  let pid: pid_t
  private let isAlive = Mutex(true)
  private let promise = Promise<WorkerEnd>()

  private init(pid: pid_t) { self.pid = pid }

  /// Starts a program.
  /// - Parameters:
  ///   - output: a descriptor for standard output and error, closed before this returns.
  /// - Throws: ``LaunchError/cannotStart(_:)`` with the system's reason.
  static func start(
    _ path: String, arguments: [String], environment: [String: String], directory: String, output: Int32
  ) async throws(LaunchError) -> ChildProcess {
    let started = await withCheckedContinuation { continuation in
      let thread = Thread {
        let pid = spawn(path, arguments, environment, directory, output)
        close(output)
        guard pid > 0 else {
          continuation.resume(returning: Result<ChildProcess, LaunchError>.failure(failure(path, errno: -pid)))
          return
        }
        let child = ChildProcess(pid: pid)
        continuation.resume(returning: .success(child))
        child.waitAndReap()
      }
      thread.name = "child"
      thread.stackSize = 256 << 10
      thread.start()
    }
    return try started.get()
  }

  /// Sends a signal to the process alone: what a container's first process gets.
  func signal(_ number: Int32) {
    isAlive.withLock { if $0 { _ = kill(pid, number) } }
  }

  /// Sends SIGKILL to the process and all that it started in its group.
  func killGroup() {
    isAlive.withLock { if $0 { _ = kill(-pid, SIGKILL) } }
  }

  func end() async -> WorkerEnd { await promise.value }

  private func waitAndReap() {
    var code: Int32 = -1
    var signal: Int32 = -1
    let problem = cprocess_await(pid, &code, &signal)
    // The zombie keeps the group's id from being given away, so this reaches what the worker left behind and nobody else.
    killGroup()
    isAlive.withLock { $0 = false }
    cprocess_reap(pid)
    if problem != 0 {
      promise.settle(.exited(255))
    } else {
      promise.settle(signal >= 0 ? .killed(signal: Int(signal)) : .exited(Int(code)))
    }
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ environment: [String: String], _ directory: String, _ output: Int32
  ) -> pid_t {
    var argv = ([path] + arguments).map { strdup($0) }
    var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in argv + variables { free(text) } }
    argv.append(nil)
    variables.append(nil)
    return cprocess_spawn(path, argv, variables, directory, output)
  }

  private static func failure(_ path: String, errno number: Int32) -> LaunchError {
    .cannotStart("\(path) cannot be started: \(String(cString: strerror(number)))")
  }
}

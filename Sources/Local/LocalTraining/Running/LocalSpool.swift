import Basics
import Foundation
import Logging
import Registries
import WorkerAgent

/// Where the workers of `tensorfleet run` keep what the registry cannot take: `<state>/<registry>/<process>/<worker>`. What a process
/// leaves there, the next one for the same registry sends.
struct LocalSpool: Sendable {
  /// Of all processes for this registry.
  private let shared: String
  /// Of this process; made when there is something to keep.
  let directory: String

  /// - Parameters:
  ///   - location: the registry's, without secrets.
  ///   - state: where programs keep what outlives them; nil for the user's own place (XDG Base Directory Specification).
  init(location: String, state: String? = nil) {
    let environment = ProcessInfo.processInfo.environment
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let base =
      state ?? given("XDG_STATE_HOME") ?? given("HOME").map { "\($0)/.local/state" }
      ?? FileManager.default.temporaryDirectory.path
    shared = "\(base)/tensorfleet/spool/\(SHA256.hex(of: Array(location.utf8)).prefix(16))"
    directory = "\(shared)/\(ProcessInfo.processInfo.processIdentifier)"
  }

  /// Takes over what processes that are no more have left.
  /// - Returns: the spools, which are below ``directory`` now: moving decides between several who want them.
  func adopt() -> [String] {
    var adopted: [String] = []
    for process in names(in: shared) {
      guard let id = Int32(process), kill(id, 0) != 0, errno == ESRCH else { continue }
      for worker in names(in: "\(shared)/\(process)") {
        let target = "\(directory)/\(worker)-\(process)"
        try? FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if rename("\(shared)/\(process)/\(worker)", target) == 0 { adopted.append(target) }
      }
      rmdir("\(shared)/\(process)")
    }
    return adopted
  }

  /// Removes the directory of this process.
  /// - Returns: false where something remains in it.
  func removeIfEmpty() -> Bool { rmdir(directory) == 0 || errno != ENOTEMPTY }

  private func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }
}

/// Sends what earlier processes could not.
struct LeftoverReports: Sendable {
  private let senders: [ReportSender]
  private let tasks: [Task<Void, Never>]

  init(_ spool: LocalSpool, registry: any Registry, log: Logger) {
    senders = spool.adopt().map { ReportSender(registry: registry, options: SpoolOptions(directory: $0), log: log) }
    tasks = senders.map { sender in Task { await sender.run() } }
  }

  /// Gives them a moment more and stops: what is not sent by then stays on disk.
  func finish(within limit: Duration) async {
    let deadline = ContinuousClock.now + limit
    for sender in senders {
      while await !sender.isEmpty, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
    }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}

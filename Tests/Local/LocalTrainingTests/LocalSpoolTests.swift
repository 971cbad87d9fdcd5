import Foundation
import Logging
import Registries
import Testing
import WorkerAgent

@testable import LocalTraining

/// What `tensorfleet run` does with what an earlier one could not send.
@Suite struct LocalSpoolTests {
  let place = FileManager.default.temporaryDirectory.appending(path: "local-spool-\(UUID().uuidString)")
  private let log = Logger(label: "test")

  /// A process that is no more.
  private func endedProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  private func leave(_ run: String, by process: Int32, _ location: String) async throws {
    let mine = LocalSpool(location: location, state: place.path)
    let theirs = URL(filePath: mine.directory).deletingLastPathComponent().appending(path: "\(process)").path
    let sender = ReportSender(
      registry: try DirectoryRegistry(root: place.appending(path: "unused")),
      options: SpoolOptions(directory: "\(theirs)/worker"), log: log)
    await sender.add(
      .run(
        RunRecord(
          id: run, job: "job", namespace: "default", algorithm: "MLP", hyperparameters: [:], dataset: "d", attempt: 0,
          state: "Succeeded")))
    #expect(await sender.persist())
  }

  @Test func whatAProcessThatIsNoMoreLeftIsSentByTheNext() async throws {
    defer { try? FileManager.default.removeItem(at: place) }
    let registry = try DirectoryRegistry(root: place.appending(path: "registry"))
    try await leave("dead", by: try endedProcess(), registry.location)
    try await leave("elsewhere", by: try endedProcess(), "another registry")
    try await leave("alive", by: ProcessInfo.processInfo.processIdentifier, registry.location)
    let spool = LocalSpool(location: registry.location, state: place.path)
    let leftovers = LeftoverReports(spool, registry: registry, log: log)
    await leftovers.finish(within: .seconds(20))
    #expect(try await registry.listRuns().map(\.id) == ["dead"])
    #expect(!spool.removeIfEmpty(), "that of the process that lives is its own")
  }

  @Test func withoutLeftoversNothingIsMade() async throws {
    let registry = try DirectoryRegistry(root: place.appending(path: "registry"))
    defer { try? FileManager.default.removeItem(at: place) }
    let spool = LocalSpool(location: registry.location, state: place.appending(path: "state").path)
    await LeftoverReports(spool, registry: registry, log: log).finish(within: .seconds(1))
    #expect(!FileManager.default.fileExists(atPath: place.appending(path: "state").path))
    #expect(spool.removeIfEmpty())
  }
}

import Foundation
import Registries
import Testing

/// A registry whose writer is killed at each step of a write in turn: what a second process then finds must be the state before
/// or the state after, and the write done once more must lead to the state after.
@Suite struct CrashTests {
  struct Operation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: @Sendable (any Registry, TemporaryDirectory) async throws -> Void
    let write: @Sendable (any Registry, TemporaryDirectory) async throws -> Void
    /// What a reader sees, as text to compare.
    let state: @Sendable (any Registry) async throws -> String
  }

  static let operations = [
    Operation(
      testDescription: "put data set",
      before: { _ = try await $0.putDataset("d", from: $1.file("old.csv", "old")) },
      write: { _ = try await $0.putDataset("d", from: $1.file("new.csv", "new and longer")) },
      state: { registry in
        let local = try await registry.openDataset("d", version: nil)
        return try "\(local.record.version) \(String(contentsOfFile: local.path, encoding: .utf8))"
      }),
    Operation(
      testDescription: "save checkpoint",
      before: { registry, _ in
        try await registry.saveCheckpoint(checkpoint(1), keeping: 2)
        try await registry.saveCheckpoint(checkpoint(2), keeping: 2)
      },
      write: { registry, _ in try await registry.saveCheckpoint(checkpoint(3), keeping: 2) },
      state: { "\(String(describing: try await $0.newestCheckpoint(run: "run", fingerprint: "f")))" }),
    Operation(
      testDescription: "register model",
      before: { registry, _ in _ = try await registry.registerModel(draft("m", run: "old")) },
      write: { registry, _ in _ = try await registry.registerModel(draft("m", run: "new")) },
      state: { registry in
        var text = ""
        for model in try await registry.listModels() {
          let bytes = try await registry.modelFile("m", version: model.version, file: "model.bin")
          text += "\(model.version) \(model.info.run) \(bytes.count) "
        }
        return text
      }),
    Operation(
      testDescription: "delete model",
      before: { registry, _ in
        _ = try await registry.registerModel(draft("m", run: "1"))
        _ = try await registry.registerModel(draft("m", run: "2"))
      },
      write: { registry, _ in try await registry.deleteModel("m", version: "v2") },
      state: { registry in try await registry.listModels().map(\.id).joined(separator: " ") }),
    Operation(
      testDescription: "append history",
      before: { registry, _ in try await registry.appendHistory([point(1)], run: "r") },
      write: { registry, _ in try await registry.appendHistory([point(2)], run: "r") },
      state: { registry in try await registry.history(run: "r").map { "\($0)" }.joined() }),
    Operation(
      testDescription: "put run",
      before: { registry, _ in try await registry.putRun(run("r")) },
      write: { registry, _ in try await registry.putRun(run("r", state: "Succeeded")) },
      state: { registry in try await registry.run("r").state }),
  ]

  @Test(arguments: operations) func aKillAtAnyStepLeavesOldOrNew(_ operation: Operation) async throws {
    var killed = 0
    for step in 0..<200 {
      let place = try TemporaryDirectory()
      let root = place.url.appending(path: "registry")
      let healthy = try DirectoryRegistry(root: root)
      try await operation.before(healthy, place)
      let old = try await operation.state(healthy)

      // Opening makes no step: the directory is there.
      let faults = FaultPoint(after: step)
      let doomed = try DirectoryRegistry(root: root, faults: faults)
      do { try await operation.write(doomed, place) } catch is RegistryError {}

      let next = try DirectoryRegistry(root: root)
      let found = try await operation.state(next)
      try await operation.write(next, place)
      let new = try await operation.state(next)
      #expect(old != new)
      #expect(found == old || found == new, "killed at step \(step) after \(faults.steps)")

      if !faults.hasCrashed { break }
      killed += 1
      // Nothing of the killed writer is left for good.
      _ = try DirectoryRegistry(root: root, leftoverAge: 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: root.appending(path: ".staging").path).isEmpty)
    }
    #expect(killed >= 4, "the write was killed at too few steps to say anything")
    #expect(killed < 199, "the write never came to its end")
  }
}

import Basics
import Foundation
import Registries
import Testing

/// What is particular to the directory back end: damage to its files, and its location.
@Suite struct DirectoryRegistryTests {
  let place: TemporaryDirectory
  let registry: DirectoryRegistry
  var root: URL { place.url.appending(path: "registry") }

  init() throws {
    place = try TemporaryDirectory()
    registry = try DirectoryRegistry(root: place.url.appending(path: "registry"))
  }

  /// Changes a stored file.
  private func alter(_ path: String, _ change: (inout Data) -> Void) throws {
    let url = root.appending(path: path)
    var data = try Data(contentsOf: url)
    change(&data)
    try data.write(to: url)
  }

  private static let changes: [(name: String, apply: @Sendable (inout Data) -> Void)] = [
    ("truncated", { $0.removeLast() }), ("longer", { $0.append(0) }),
    ("one bit", { $0[$0.startIndex + $0.count / 2] ^= 1 }), ("empty", { $0 = Data() }),
  ]

  @Test(arguments: changes.indices) func anAlteredDatasetIsRefused(_ index: Int) async throws {
    let change = Self.changes[index]
    let put = try await registry.putDataset("d", from: place.file("x.csv", "1,2,3\n4,5,6\n"))
    try alter("datasets/d/\(put.version)/files/x.csv", change.apply)
    do {
      _ = try await registry.openDataset("d", version: nil)
      Issue.record("\(change.name) data was opened")
    } catch {
      guard case .damaged = error else {
        Issue.record("\(error)")
        return
      }
    }
    let target = place.url.appending(path: "target").path
    await #expect(throws: RegistryError.self) {
      try await registry.exportDataset("d", version: nil, to: target, progress: nil)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: target).isEmpty)
    // Putting the contents again mends it.
    _ = try await registry.putDataset("d", from: place.file("x.csv", "1,2,3\n4,5,6\n"))
    #expect(try await registry.openDataset("d", version: nil).record.version == put.version)
  }

  @Test(arguments: changes.indices) func anAlteredModelIsRefused(_ index: Int) async throws {
    let change = Self.changes[index]
    let model = try await registry.registerModel(draft("m", run: "r"))
    try alter("models/m/v1/files/model.bin", change.apply)
    await #expect(throws: RegistryError.self, "\(change.name)") {
      try await registry.modelFile("m", version: model.version, file: "model.bin")
    }
  }

  @Test func anAlteredRecordIsRefused() async throws {
    _ = try await registry.registerModel(draft("m", run: "r"))
    try alter("models/m/v1/model.json") { data in
      data = Data(String(decoding: data, as: UTF8.self).replacing("0.97", with: "0.99").utf8)
    }
    await #expect(throws: RegistryError.self) { try await registry.model("m", version: "v1") }
  }

  @Test(arguments: changes.indices) func aDamagedCheckpointIsPassedOverForTheOneBefore(_ index: Int) async throws {
    try await registry.saveCheckpoint(checkpoint(1), keeping: 3)
    try await registry.saveCheckpoint(checkpoint(2), keeping: 3)
    try alter("checkpoints/run/0000000002", Self.changes[index].apply)
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f") == checkpoint(1))
  }

  @Test(arguments: changes.indices) func aDamagedLineOfHistoryCostsNoOther(_ index: Int) async throws {
    try await registry.appendHistory([point(1), point(2), point(3)], run: "r")
    try alter("runs/r/history-0-0", Self.changes[index].apply)
    try await registry.appendHistory([point(1), point(2), point(3), point(4)], run: "r")
    #expect(try await registry.history(run: "r") == (1...4).map { point($0) })
  }

  @Test func aStagedFileOfARunningWriterIsNotSwept() throws {
    let staged = root.appending(path: ".staging/1-1")
    try Data("half".utf8).write(to: staged)
    _ = try DirectoryRegistry(root: root)
    #expect(FileManager.default.fileExists(atPath: staged.path))
    _ = try DirectoryRegistry(root: root, leftoverAge: 0)
    #expect(!FileManager.default.fileExists(atPath: staged.path))
  }

  @Test func aMissingSourceIsNamed() async throws {
    await #expect(
      throws: RegistryError.io(
        operation: "read", path: "/no/such/file", detail: "no such file or directory", retryable: false)
    ) { try await registry.putDataset("d", from: "/no/such/file") }
  }

  @Test func aLocationIsAPathOrAFileURI() async throws {
    for location in [root.path, "file://\(root.path)", "file://localhost\(root.path)"] {
      try await openRegistry(location).putRun(run("r"))
      #expect(try await registry.run("r").id == "r", "\(location)")
      try await registry.deleteRun("r")
    }
  }

  @Test(arguments: ["mongodb://fleet:hunt@er2@db/tensorfleet", "s3://fleet:hunter2@bucket", "", "file://host/x"])
  func anotherLocationIsRefusedWithoutItsSecret(_ location: String) {
    do {
      _ = try openRegistry(location)
      Issue.record("opened \(location)")
    } catch {
      #expect(error.reason == "UnsupportedRegistry")
      for secret in ["hunt", "er2"] { #expect(!error.message.contains(secret)) }
      #expect(error.message.contains("directory") || error.message.contains("percent-encoded"))
    }
  }

  /// FIPS 180-4's examples.
  @Test func sha256GivesTheStandardsAnswers() {
    #expect(SHA256.hex(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

import Basics
import FleetAPI
import Foundation
import Logging
import Registries
import Testing

@testable import WorkerAgent

/// The lineage in a model's record: right, or not there.
@Suite struct DatasetFingerprintTests {
  private struct FileEngine: TrainingEngine {
    var path: String?
    func open(_ request: EngineRequest) throws(TrainingFailure) -> any EngineSession {
      throw TrainingFailure(reason: "Unused", message: "", retryable: false)
    }
    func path(ofDataset uri: String) -> String? { path }
  }

  private func fingerprint(path: String?, version: String? = nil) async throws -> String? {
    let spec = TrainingTaskSpec(
      jobName: "job", jobUID: "u", attempt: 0, worker: WorkerReference(name: "w-0", uid: "p"), training: World.training)
    var plan = PreparedTraining(request: try EngineRequest(spec, datasetURI: "data.csv"), fingerprint: "f")
    plan.datasetVersion = version
    return await DatasetFingerprint.of(plan, FileEngine(path: path), log: World.quiet)
  }

  @Test func aFileIsKnownByItsContent() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "lineage-\(UUID()).csv")
    try Data("a,b\n1,2\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try await fingerprint(path: file.path) == contentVersion(of: file.path))
    #expect(try await fingerprint(path: file.path, version: "v9") == "v9")
  }

  @Test func aFileThatIsGoneByNowHasNoLineageRatherThanAWrongOne() async throws {
    #expect(try await fingerprint(path: "/no/such/file.csv") == nil)
  }

  @Test func generatedDataIsKnownByItsAddress() async throws {
    #expect(try await fingerprint(path: nil) == SHA256.hex(of: Array("data.csv".utf8)))
  }
}

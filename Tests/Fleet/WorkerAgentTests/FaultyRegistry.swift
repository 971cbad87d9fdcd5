import Basics
import Foundation
import Registries
import Synchronization

/// A registry that is away for a while, slow, or fails now and then, before or after a write has happened.
final class FaultyRegistry: Registry {
  struct Behaviour: Sendable {
    var isAway = false
    var delay = Duration.zero
    /// Every third write fails: by turns before and after it is made.
    var failsEveryThird = false
    /// What models are refused with.
    var refusal: RegistryError?
    /// What history is refused with.
    var historyRefusal: RegistryError?
    /// Runs of which nothing is taken now, though the registry is there.
    var poisoned: Set<String> = []
    /// Runs whose models take this long.
    var slowModels: [String: Duration] = [:]
  }

  private let inner: any Registry
  private let isDead: @Sendable () -> Bool
  private let behaviour = Mutex(Behaviour())
  private let counts = Mutex((calls: 0, writes: 0))

  /// - Parameter isDead: whether whoever asks was killed: nothing of what it asks happens then.
  init(_ inner: any Registry, isDead: @escaping @Sendable () -> Bool = { false }) {
    self.inner = inner
    self.isDead = isDead
  }

  func behave(_ change: @Sendable (inout Behaviour) -> Void) { behaviour.withLock { change(&$0) } }
  var calls: Int { counts.withLock { $0.calls } }

  private static let away = RegistryError.unavailable(detail: "no server answers; check that it runs")

  private func read() async throws(RegistryError) {
    counts.withLock { $0.calls += 1 }
    let now = behaviour.withLock { $0 }
    if now.delay > .zero { try? await Task.sleep(for: now.delay) }
    if now.isAway || isDead() { throw Self.away }
  }

  private func hinder(_ run: String, isModel: Bool = false) async throws(RegistryError) {
    let now = behaviour.withLock { $0 }
    if isModel, let delay = now.slowModels[run] { try? await Task.sleep(for: delay) }
    if now.poisoned.contains(run) { throw .unavailable(detail: "this run is not taken") }
  }

  private func write<T: Sendable>(_ body: () async throws(RegistryError) -> T) async throws(RegistryError) -> T {
    try await read()
    let number = counts.withLock { counts in
      counts.writes += 1
      return counts.writes
    }
    let fails = behaviour.withLock { $0.failsEveryThird } && number.isMultiple(of: 3)
    if fails, number.isMultiple(of: 2) { throw Self.away }
    let value = try await body()
    if fails { throw Self.away }
    return value
  }

  var location: String { inner.location }
  func check() async throws(RegistryError) { try await read() }

  func putDataset(
    _ name: String, from path: String, summary: DatasetSummary?, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    try await write { () async throws(RegistryError) in
      try await inner.putDataset(name, from: path, summary: summary, progress: progress)
    }
  }
  func dataset(_ name: String, version: String?) async throws(RegistryError) -> DatasetRecord {
    try await read()
    return try await inner.dataset(name, version: version)
  }
  func openDataset(
    _ name: String, version: String?, progress: TransferProgress?
  ) async throws(RegistryError) -> LocalDataset {
    try await read()
    return try await inner.openDataset(name, version: version, progress: progress)
  }
  func readDataset(
    _ name: String, version: String?, file: String?, range: Range<Int>
  ) async throws(RegistryError) -> [UInt8] {
    try await read()
    return try await inner.readDataset(name, version: version, file: file, range: range)
  }
  func exportDataset(
    _ name: String, version: String?, to directory: String, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    try await read()
    return try await inner.exportDataset(name, version: version, to: directory, progress: progress)
  }
  func listDatasets(_ query: DatasetQuery) async throws(RegistryError) -> Page<DatasetRecord> {
    try await inner.listDatasets(query)
  }
  func datasetVersions(_ name: String) async throws(RegistryError) -> [DatasetRecord] {
    try await inner.datasetVersions(name)
  }
  func deleteDataset(_ name: String, version: String?) async throws(RegistryError) {
    try await inner.deleteDataset(name, version: version)
  }
  func saveCheckpoint(_ checkpoint: Checkpoint, keeping: Int) async throws(RegistryError) {
    try await write { () async throws(RegistryError) in
      try await inner.saveCheckpoint(checkpoint, keeping: keeping)
    }
  }
  func newestCheckpoint(run: String, fingerprint: String) async throws(RegistryError) -> Checkpoint? {
    try await read()
    return try await inner.newestCheckpoint(run: run, fingerprint: fingerprint)
  }
  func deleteCheckpoints(run: String) async throws(RegistryError) {
    try await write { () async throws(RegistryError) in try await inner.deleteCheckpoints(run: run) }
  }
  func registerModel(_ draft: ModelDraft) async throws(RegistryError) -> ModelRecord {
    if let error = behaviour.withLock({ $0.isAway ? nil : $0.refusal }) { throw error }
    try await hinder(draft.info.run, isModel: true)
    return try await write { () async throws(RegistryError) in try await inner.registerModel(draft) }
  }
  func model(_ name: String, version: String?) async throws(RegistryError) -> ModelRecord {
    try await inner.model(name, version: version)
  }
  func model(_ name: String, run: String, fingerprint: String) async throws(RegistryError) -> ModelRecord? {
    try await read()
    return try await inner.model(name, run: run, fingerprint: fingerprint)
  }
  func modelFile(_ name: String, version: String, file: String) async throws(RegistryError) -> [UInt8] {
    try await inner.modelFile(name, version: version, file: file)
  }
  func listModels(_ query: ModelQuery) async throws(RegistryError) -> Page<ModelRecord> {
    try await inner.listModels(query)
  }
  func tagModel(
    _ name: String, version: String, adding: [String], removing: [String]
  ) async throws(RegistryError) -> ModelRecord {
    try await inner.tagModel(name, version: version, adding: adding, removing: removing)
  }
  func deleteModel(_ name: String, version: String) async throws(RegistryError) {
    try await inner.deleteModel(name, version: version)
  }
  func putRun(_ run: RunRecord) async throws(RegistryError) {
    try await write { () async throws(RegistryError) in try await inner.putRun(run) }
  }
  func run(_ id: String) async throws(RegistryError) -> RunRecord { try await inner.run(id) }
  func runAttempts(_ id: String) async throws(RegistryError) -> [RunRecord] { try await inner.runAttempts(id) }
  func listRuns(_ query: RunQuery) async throws(RegistryError) -> Page<RunRecord> { try await inner.listRuns(query) }
  func appendHistory(_ points: [HistoryPoint], run: String) async throws(RegistryError) {
    try await hinder(run)
    if let error = behaviour.withLock({ $0.isAway ? nil : $0.historyRefusal }) { throw error }
    try await write { () async throws(RegistryError) in try await inner.appendHistory(points, run: run) }
  }
  func history(run: String) async throws(RegistryError) -> [HistoryPoint] { try await inner.history(run: run) }
  func deleteRun(_ id: String) async throws(RegistryError) { try await inner.deleteRun(id) }
}

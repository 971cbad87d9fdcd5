import Foundation
import Registries
import Synchronization
import Testing

/// What every back end must do.
@Suite(.databasesOfTheirOwn) struct RegistrySuite {
  let place: TemporaryDirectory
  init() throws { place = try TemporaryDirectory() }

  // MARK: Data sets

  @Test(arguments: Backend.all) func aDatasetComesBackAsItWasPut(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let put = try await registry.putDataset("iris", from: place.file("iris.csv", "a,b\n1,2\n"))
    #expect(put.files.map(\.name) == ["iris.csv"])
    #expect(put.size == 8)
    let local = try await registry.openDataset("iris", version: nil)
    #expect(local.record == put)
    #expect(try String(contentsOfFile: local.path, encoding: .utf8) == "a,b\n1,2\n")
    #expect(try await registry.listDatasets() == [put])
  }

  @Test(arguments: Backend.all) func aDatasetsVersionIsItsContents(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let first = try await registry.putDataset("d", from: place.file("x.csv", "1"))
    let second = try await registry.putDataset("d", from: place.file("x.csv", "2"))
    #expect(first.version != second.version)
    #expect(try await registry.dataset("d", version: nil).version == second.version)
    #expect(try await registry.dataset("d", version: first.version) == first)
    let again = try await registry.putDataset("d", from: place.file("x.csv", "1"))
    #expect(again.version == first.version)
    #expect(try await registry.dataset("d", version: nil).version == first.version)
  }

  @Test(arguments: Backend.all) func aDirectoryOfFilesIsOneDataset(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    _ = try place.file("mnist/train", "images")
    let folder = URL(filePath: try place.file("mnist/labels", "labels")).deletingLastPathComponent()
    let put = try await registry.putDataset("mnist", from: folder.path)
    #expect(put.files.map(\.name) == ["labels", "train"])
    let local = try await registry.openDataset("mnist", version: put.version)
    #expect(try String(contentsOfFile: local.path + "/train", encoding: .utf8) == "images")
  }

  @Test(arguments: Backend.all) func aDeletedDatasetIsGone(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    _ = try await registry.putDataset("d", from: place.file("x", "1"))
    try await registry.deleteDataset("d", version: nil)
    try await registry.deleteDataset("d", version: nil)
    #expect(try await registry.listDatasets().isEmpty)
    await #expect(throws: RegistryError.notFound(kind: "data set", name: "d", known: [])) {
      try await registry.openDataset("d", version: nil)
    }
  }

  @Test(arguments: Backend.all) func anUnknownDatasetSaysWhichThereAre(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    _ = try await registry.putDataset("iris", from: place.file("x", "1"))
    do {
      _ = try await registry.openDataset("irsi", version: nil)
      Issue.record("opened a data set that does not exist")
    } catch {
      #expect(error.message == "the registry has no data set \"irsi\"; it has iris")
      #expect(error.reason == "DatasetNotFound")
      #expect(!error.retryable)
    }
  }

  @Test(arguments: Backend.all) func aDatasetHasItsVersionsTheNewestFirst(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let first = try await registry.putDataset("d", from: place.file("x.csv", "1"))
    let second = try await registry.putDataset("d", from: place.file("x.csv", "2"))
    #expect(try await registry.datasetVersions("d") == [second, first])
    #expect(try await registry.dataset("d", version: String(first.version.prefix(12))) == first)
    try await registry.deleteDataset("d", version: String(second.version.prefix(12)))
    try await registry.deleteDataset("d", version: second.version)
    #expect(try await registry.datasetVersions("d") == [first])
    #expect(try await registry.dataset("d", version: nil) == first)
    await #expect(throws: RegistryError.self) { try await registry.dataset("d", version: second.version) }
    try await registry.deleteDataset("d", version: first.version)
    #expect(try await registry.listDatasets().isEmpty)
    await #expect(throws: RegistryError.notFound(kind: "data set", name: "d", known: [])) {
      try await registry.datasetVersions("d")
    }
  }

  @Test(arguments: Backend.all) func aRangeOfADatasetsFileIsRead(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let folder = place.url.appending(path: "two")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: "a.bin"))
    try Data().write(to: folder.appending(path: "empty"))
    _ = try await registry.putDataset("d", from: folder.path)
    for range in [0..<1, 0..<100_000, 65_535..<65_537, 99_999..<200_000, 100_000..<100_001, 5..<5] {
      let read = try await registry.readDataset("d", version: nil, file: "a.bin", range: range)
      #expect(read == Array(bytes[range.clamped(to: 0..<100_000)]), "\(range)")
    }
    #expect(try await registry.readDataset("d", version: nil, file: "empty", range: 0..<10).isEmpty)
    for file in ["b.bin", nil] {
      await #expect(throws: RegistryError.self) {
        try await registry.readDataset("d", version: nil, file: file, range: 0..<1)
      }
    }
  }

  @Test(arguments: Backend.all) func whatIsKnownOfADatasetIsKept(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let file = try place.file("x.csv", "a,b\n1,x\n")
    let summary = DatasetSummary(
      format: "CSV", rows: 1,
      columns: [
        .init(name: "a.b $", kind: "number", distinct: 1, minimum: 1, maximum: 1, mean: 1, deviation: 0),
        .init(name: "b", kind: "text", missing: 1),
      ])
    _ = try await registry.putDataset("d", from: file)
    let put = try await registry.putDataset("d", from: file, summary: summary, progress: nil)
    #expect(put.summary == summary)
    _ = try await registry.putDataset("d", from: file)
    #expect(try await registry.dataset("d", version: nil) == put)
  }

  @Test(arguments: Backend.all) func aTransferTellsHowFarItIs(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let seen = Mutex<[Transfer]>([])
    let file = try place.file("x.csv", String(repeating: "0123456789", count: 500_000))
    let note: TransferProgress = { transfer in seen.withLock { $0.append(transfer) } }
    _ = try await registry.putDataset("d", from: file, summary: nil, progress: note)
    let put = seen.withLock { $0 }
    #expect(put.last == Transfer(file: "x.csv", done: 5_000_000, total: 5_000_000))
    #expect(put.map(\.done) == put.map(\.done).sorted())
    _ = try await registry.openDataset("d", version: nil, progress: note)
    #expect(seen.withLock { $0.count > put.count && $0.last?.done == 5_000_000 })
  }

  @Test(arguments: Backend.all) func aDatasetsFilesAreBroughtToADirectory(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    _ = try place.file("mnist/train", "images")
    let folder = URL(filePath: try place.file("mnist/labels", "labels")).deletingLastPathComponent()
    let put = try await registry.putDataset("mnist", from: folder.path)
    let seen = Mutex<[Transfer]>([])
    let note: TransferProgress = { transfer in seen.withLock { $0.append(transfer) } }
    let target = place.url.appending(path: "a/b").path + "/"
    func texts() throws -> [String: String] {
      try FileManager.default.contentsOfDirectory(atPath: target).reduce(into: [:]) { texts, name in
        texts[name] = try String(contentsOfFile: target + name, encoding: .utf8)
      }
    }
    #expect(try await registry.exportDataset("mnist", version: nil, to: target, progress: note) == put)
    #expect(try texts() == ["train": "images", "labels": "labels"])
    #expect(seen.withLock { $0.map(\.done) == $0.map(\.done).sorted() && $0.last?.done == 12 && $0.last?.total == 12 })
    // A file that is not the data set's makes way for it; others stay.
    _ = try place.file("a/b/train", "mine")
    _ = try place.file("a/b/other", "other")
    _ = try await registry.exportDataset("mnist", version: put.version, to: target, progress: nil)
    #expect(try texts() == ["train": "images", "labels": "labels", "other": "other"])
    await #expect(throws: RegistryError.notFound(kind: "data set", name: "d", known: ["mnist"])) {
      try await registry.exportDataset("d", version: nil, to: target, progress: nil)
    }
    let file = try place.file("file", "x")
    await #expect(throws: RegistryError.self) {
      try await registry.exportDataset("mnist", version: nil, to: file, progress: nil)
    }
  }

  @Test(arguments: Backend.all) func datasetsAreListedAsAsked(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    for (name, size) in [("b", 3), ("a", 2), ("c", 1)] {
      _ = try await registry.putDataset(name, from: place.file("x", String(repeating: "x", count: size)))
    }
    func names(_ query: DatasetQuery) async throws -> [String] {
      try await registry.listDatasets(query).items.map(\.name)
    }
    #expect(try await names(DatasetQuery()) == ["a", "b", "c"])
    #expect(try await names(DatasetQuery(order: RegistryOrder(.size))) == ["c", "a", "b"])
    #expect(try await names(DatasetQuery(order: RegistryOrder(.name, descending: true))) == ["c", "b", "a"])
    #expect(try await names(DatasetQuery(since: Date(timeIntervalSinceNow: 3600))).isEmpty)
    let page = try await registry.listDatasets(DatasetQuery(slice: Slice(skip: 1, limit: 1)))
    #expect(page.items.map(\.name) == ["b"])
    #expect(page.total == 3)
  }

  // MARK: Checkpoints

  @Test(arguments: Backend.all) func theNewestCheckpointOfTheSameSpecificationIsFound(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f") == nil)
    try await registry.saveCheckpoint(checkpoint(10), keeping: 3)
    try await registry.saveCheckpoint(checkpoint(20), keeping: 3)
    try await registry.saveCheckpoint(checkpoint(30, fingerprint: "other"), keeping: 3)
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f") == checkpoint(20))
    #expect(try await registry.newestCheckpoint(run: "another", fingerprint: "f") == nil)
    try await registry.deleteCheckpoints(run: "run")
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f") == nil)
  }

  @Test(arguments: Backend.all) func onlyTheLastCheckpointsAreKept(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    for step in 1...7 { try await registry.saveCheckpoint(checkpoint(step, fingerprint: "f\(step)"), keeping: 3) }
    for step in 1...7 {
      let found = try await registry.newestCheckpoint(run: "run", fingerprint: "f\(step)")
      #expect((found != nil) == (step > 4), "step \(step)")
    }
  }

  @Test(arguments: Backend.all) func aCheckpointMayHoldAnyBytes(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    for data in [Data(), Data("\n\n{}\n".utf8), Data((0...255).map { UInt8($0) })] {
      var wanted = checkpoint(1)
      wanted.data = data
      try await registry.saveCheckpoint(wanted, keeping: 1)
      #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f")?.data == data)
    }
  }

  // MARK: Models

  @Test(arguments: Backend.all) func aModelComesBackAsItWasRegistered(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let wanted = draft("digits", run: "uid-1")
    let model = try await registry.registerModel(wanted)
    #expect(model.version == "v1")
    #expect(model.info == wanted.info)
    #expect(model.size == 7)
    #expect(model.checksum == "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c")
    #expect(try await registry.model("digits", version: nil) == model)
    #expect(try await registry.model("digits", version: "v1") == model)
    #expect(try await registry.model("digits", run: "uid-1", fingerprint: "f") == model)
    #expect(try await registry.model("digits", run: "uid-2", fingerprint: "f") == nil)
    #expect(try await registry.modelFile("digits", version: "v1", file: "model.bin") == Array("weights".utf8))
    await #expect(throws: RegistryError.self) {
      try await registry.modelFile("digits", version: "v1", file: "../model.json")
    }
  }

  @Test(arguments: Backend.all) func aRunRegistersOneModel(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let first = try await registry.registerModel(draft("m", run: "uid"))
    let again = try await registry.registerModel(draft("m", run: "uid", bytes: "the retry's weights"))
    #expect(again == first)
    #expect(try await registry.registerModel(draft("m", run: "uid-2")).version == "v2")
    let changed = try await registry.registerModel(draft("m", run: "uid", fingerprint: "another specification"))
    #expect(changed.version == "v3")
    #expect(try await registry.model("m", run: "uid", fingerprint: "f") == first)
    #expect(try await registry.listModels().map(\.version) == ["v3", "v2", "v1"])
  }

  @Test(arguments: Backend.all) func aHundredWritersAtOnceGetAHundredVersionsWithoutGaps(_ backend: Backend)
    async throws
  {
    let clients = try (0..<4).map { _ in try backend.open(place) }
    let versions = try await withThrowingTaskGroup(of: String.self) { group in
      for writer in 0..<100 {
        group.addTask { try await clients[writer % 4].registerModel(draft("m", run: "run-\(writer)")).version }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(versions) == Set((1...100).map { "v\($0)" }))
    #expect(try await Set(clients[0].listModels().map(\.info.run)).count == 100)
  }

  @Test(arguments: Backend.all) func oneRunRegisteringFromManyProcessesMakesOneVersion(_ backend: Backend) async throws
  {
    let clients = try (0..<4).map { _ in try backend.open(place) }
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for writer in 0..<20 {
        group.addTask { try await clients[writer % 4].registerModel(draft("m", run: "the-run")).id }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(ids).count == 1)
    #expect(try await clients[0].listModels().count == 1)
  }

  @Test(arguments: Backend.all) func aDeletedVersionsNumberIsNotGivenAgain(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    _ = try await registry.registerModel(draft("m", run: "1"))
    _ = try await registry.registerModel(draft("m", run: "2"))
    try await registry.deleteModel("m", version: "v2")
    try await registry.deleteModel("m", version: "v2")
    try await registry.deleteModel("m", version: "v7")
    #expect(try await registry.listModels().map(\.version) == ["v1"])
    #expect(try await registry.model("m", version: nil).version == "v1")
    await #expect(throws: RegistryError.notFound(kind: "model", name: "m v2", known: ["v1", "v2"])) {
      try await registry.model("m", version: "v2")
    }
    #expect(try await registry.registerModel(draft("m", run: "3")).version == "v3")
  }

  @Test(arguments: Backend.all) func tagsAreGivenAndTaken(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    let model = try await registry.registerModel(draft("m", run: "1"))
    #expect(model.tags.isEmpty)
    let tagged = try await registry.tagModel("m", version: "v1", adding: ["production", "best", "best"], removing: [])
    #expect(tagged.tags == ["best", "production"])
    #expect(tagged.info == model.info)
    _ = try await registry.tagModel("m", version: "v1", adding: ["new"], removing: ["production", "none"])
    #expect(try await registry.model("m", version: nil).tags == ["best", "new"])
    #expect(try await registry.listModels(ModelQuery(tag: "new")).items.map(\.id) == [model.id])
    #expect(try await registry.listModels(ModelQuery(tag: "production")).items.isEmpty)
    await #expect(throws: RegistryError.invalidName(field: "tag", value: "a b")) {
      try await registry.tagModel("m", version: "v1", adding: ["a b"], removing: [])
    }
    await #expect(throws: RegistryError.self) {
      try await registry.tagModel("m", version: "v2", adding: ["x"], removing: [])
    }
  }

  @Test(arguments: Backend.all) func modelsAreListedAsAsked(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    for (number, (name, accuracy)) in [("b", 0.9), ("a", 0.95), ("b", 0.8), ("c", nil)].enumerated() {
      var wanted = draft(name, run: "run-\(number)", bytes: String(repeating: "x", count: 10 - number))
      wanted.info.algorithm = name == "a" ? "SVM" : "MLP"
      wanted.info.dataset = name == "c" ? "s3://bucket/a.b" : "iris"
      wanted.info.metrics = ["f1.macro $": Double(number)]
      wanted.info.metrics["accuracy"] = accuracy
      _ = try await registry.registerModel(wanted)
    }
    let cases: [(ModelQuery, [String])] = [
      (ModelQuery(), ["a/v1", "b/v2", "b/v1", "c/v1"]),
      (ModelQuery(name: "b"), ["b/v2", "b/v1"]),
      (ModelQuery(algorithm: "SVM"), ["a/v1"]),
      (ModelQuery(dataset: "s3://bucket/a.b"), ["c/v1"]),
      (ModelQuery(run: "run-2"), ["b/v2"]),
      (ModelQuery(metrics: [MetricCondition("accuracy", .atLeast, 0.9)]), ["a/v1", "b/v1"]),
      (ModelQuery(metrics: [MetricCondition("accuracy", .above, 0.9)]), ["a/v1"]),
      (ModelQuery(metrics: [MetricCondition("accuracy", .below, 0.9)]), ["b/v2"]),
      (ModelQuery(metrics: [MetricCondition("accuracy", .atMost, 0.9)]), ["b/v2", "b/v1"]),
      (ModelQuery(metrics: [MetricCondition("f1.macro $", .equal, 1)]), ["a/v1"]),
      (
        ModelQuery(metrics: [MetricCondition("accuracy", .atLeast, 0.8), MetricCondition("f1.macro $", .above, 0)]),
        ["a/v1", "b/v2"]
      ),
      (ModelQuery(since: Date(timeIntervalSinceNow: 3600)), []),
      (ModelQuery(order: RegistryOrder(.metric("accuracy"), descending: true)), ["a/v1", "b/v1", "b/v2", "c/v1"]),
      (ModelQuery(order: RegistryOrder(.metric("accuracy"))), ["b/v2", "b/v1", "a/v1", "c/v1"]),
      (ModelQuery(order: RegistryOrder(.size)), ["c/v1", "b/v2", "a/v1", "b/v1"]),
      (ModelQuery(order: RegistryOrder(.algorithm, descending: true)), ["a/v1", "b/v2", "b/v1", "c/v1"]),
      (ModelQuery(slice: Slice(skip: 1, limit: 2)), ["b/v2", "b/v1"]),
    ]
    for (query, wanted) in cases {
      let page = try await registry.listModels(query)
      #expect(page.items.map { "\($0.info.name)/\($0.version)" } == wanted, "\(query)")
    }
    #expect(try await registry.listModels(ModelQuery(slice: Slice(skip: 3, limit: 5))).total == 4)
  }

  // MARK: Runs

  @Test(arguments: Backend.all) func everyAttemptOfARunIsKept(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    var first = run("a", state: "Failed")
    first.failure = "LossDiverged: the loss is no number"
    first.host = HostFacts(pod: "p", node: "n", processor: "CPU", processors: 2, memory: 1 << 40, version: "0.1.0")
    first.spec = #"{"algorithm":"MLP","hyperparameters":[{"name":"a.b","value":"1"}]}"#
    first.metrics = ["a.b": 0.5]
    first.finished = Date(timeIntervalSince1970: 1_700_000_100)
    var second = run("a")
    second.attempt = 1
    try await registry.putRun(second)
    // A report that comes late does not take the newer attempt's place.
    try await registry.putRun(first)
    #expect(try await registry.run("a") == second)
    #expect(try await registry.runAttempts("a") == [first, second])
    #expect(try await registry.listRuns() == [second])
  }

  @Test(arguments: Backend.all) func runsAreListedAsAsked(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    for (number, (id, job)) in [("a", "iris"), ("b", "mnist"), ("c", "iris")].enumerated() {
      var record = run(id, state: id == "b" ? "Failed" : "Succeeded")
      record.job = job
      record.namespace = id == "c" ? "team" : "default"
      record.created = Date(timeIntervalSince1970: Double(1_700_000_000 + number))
      if id != "b" { record.metrics = ["accuracy": 0.9 + Double(number) / 100] }
      try await registry.putRun(record)
    }
    let cases: [(RunQuery, [String])] = [
      (RunQuery(), ["c", "b", "a"]),
      (RunQuery(job: "iris"), ["c", "a"]),
      (RunQuery(job: "iris", namespace: "team"), ["c"]),
      (RunQuery(algorithm: "SVM"), []),
      (RunQuery(dataset: "iris.csv", state: "Failed"), ["b"]),
      (RunQuery(metrics: [MetricCondition("accuracy", .atLeast, 0.91)]), ["c"]),
      (RunQuery(since: Date(timeIntervalSince1970: 1_700_000_001)), ["c", "b"]),
      (RunQuery(order: RegistryOrder(.created)), ["a", "b", "c"]),
      (RunQuery(order: RegistryOrder(.metric("accuracy"), descending: true)), ["c", "a", "b"]),
      (RunQuery(order: RegistryOrder(.name), slice: Slice(limit: 2)), ["c", "a"]),
    ]
    for (query, wanted) in cases {
      #expect(try await registry.listRuns(query).items.map(\.id) == wanted, "\(query)")
    }
    #expect(try await registry.listRuns(RunQuery(slice: Slice(limit: 1))).total == 3)
  }

  @Test(arguments: Backend.all) func aSampledStepIsToldFromAnEpoch(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    var sample = point(1)
    sample.key.step = 5
    sample.key.epoch = 0
    sample.scope = .step
    try await registry.appendHistory([point(1), sample], run: "r")
    #expect(try await registry.history(run: "r") == [sample, point(1)])
  }

  @Test(arguments: Backend.all) func aReportSentTwiceCountsOnce(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    try await registry.appendHistory([point(1, loss: 0.5), point(2)], run: "r")
    try await registry.appendHistory([point(2, loss: 9), point(3)], run: "r")
    try await registry.appendHistory([point(1, attempt: 1)], run: "r")
    try await registry.appendHistory([], run: "r")
    let history = try await registry.history(run: "r")
    #expect(history.map(\.key.epoch) == [1, 2, 3, 1])
    #expect(history.map(\.key.attempt) == [0, 0, 0, 1])
    #expect(history[1] == point(2))
    #expect(try await registry.history(run: "none").isEmpty)
  }

  @Test(arguments: Backend.all) func aRunsRecordIsTheNewestOne(_ backend: Backend) async throws {
    let registry = try backend.open(place)
    try await registry.putRun(run("a"))
    try await registry.putRun(run("a", state: "Succeeded"))
    try await registry.putRun(run("b"))
    #expect(try await registry.run("a").state == "Succeeded")
    #expect(try await registry.listRuns().map(\.id) == ["a", "b"])
    try await registry.deleteRun("a")
    #expect(try await registry.listRuns().map(\.id) == ["b"])
    await #expect(throws: RegistryError.notFound(kind: "run", name: "a", known: [])) { try await registry.run("a") }
  }

  // MARK: Names

  static let badNames = [
    "", ".", "..", "../x", "a/b", "/etc", ".hidden", "-x", "a b", "a\u{0}", "ä", "a\nb", "a\\b", "%2e",
    String(repeating: "x", count: 254),
  ]

  @Test(arguments: Backend.all, badNames) func aBadNameIsRefusedWithTheRule(_ backend: Backend, _ name: String)
    async throws
  {
    let registry = try backend.open(place)
    let source = try place.file("x", "1")
    func refuses(_ field: String, _ call: () async throws(RegistryError) -> Void) async {
      do {
        try await call()
        Issue.record("\(field) \(name.debugDescription) was taken")
      } catch {
        #expect(error == .invalidName(field: field, value: name))
        #expect(error.message.contains(RegistryName.rule))
      }
    }
    await refuses("data set name") { () async throws(RegistryError) in
      _ = try await registry.putDataset(name, from: source)
    }
    await refuses("model name") { () async throws(RegistryError) in
      _ = try await registry.registerModel(draft(name, run: "r"))
    }
    await refuses("run") { () async throws(RegistryError) in
      _ = try await registry.registerModel(draft("m", run: name))
    }
    await refuses("run") { () async throws(RegistryError) in
      try await registry.saveCheckpoint(checkpoint(1, run: name), keeping: 1)
    }
    await refuses("run") { () async throws(RegistryError) in try await registry.appendHistory([point(1)], run: name) }
    await refuses("run") { () async throws(RegistryError) in try await registry.deleteRun(name) }
    await refuses("data set name") { () async throws(RegistryError) in
      try await registry.deleteDataset(name, version: nil)
    }
  }

  @Test(arguments: ["iris", "a.b-c_d", "0", "6f1c1a52-6c55-4f0e-9d5b-0f5b0b6f6d4e", String(repeating: "x", count: 253)])
  func aGoodNameIsTaken(_ name: String) throws {
    #expect(try RegistryName.checked(name, "name") == name)
  }
}

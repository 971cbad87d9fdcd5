import ArgumentParser
import Basics
import FleetAPI
import Foundation
import KubeTypes
import Testing
import TrainingDefinition

@testable import Learning
@testable import LearningCLI

/// The API, the trainer and the command line take the same values and refuse the same.
@Suite struct BoundsTests {
  /// One field that has bounds.
  struct Field: Sendable, CustomTestStringConvertible {
    let name: String
    let bounds: ClosedRange<Int>
    var algorithm = "MLP"
    /// Where the schema of a job's spec has it; nil where only a part of what that allows is right.
    var schema: [String]?
    /// Whether there is anything below the bounds: an empty list is no list at all.
    var hasBelow = true
    let job: @Sendable (inout TrainingSpec, Int) -> Void
    let flags: @Sendable (Int) -> [String]
    var testDescription: String { name }
  }

  static let fields = [
    Field(
      name: "epochs", bounds: TrainingLimits.epochs, schema: ["epochs"], job: { $0.epochs = $1 },
      flags: { ["--epochs=\($0)"] }),
    Field(
      name: "batchSize", bounds: TrainingLimits.batchSize, schema: ["batchSize"], job: { $0.batchSize = $1 },
      flags: { ["--batch-size=\($0)"] }),
    Field(
      name: "seed", bounds: TrainingLimits.seed, schema: ["dataset", "seed"], job: { $0.dataset.seed = $1 },
      flags: { ["--seed=\($0)"] }),
    layer("units", TrainingLimits.layerUnits, ["layers", "units"]) {
      ("dense", LayerRequest(type: "dense", units: $0))
    },
    layer("units", TrainingLimits.lstmUnits, nil) { ("lstm", LayerRequest(type: "lstm", units: $0)) },
    layer("filters", TrainingLimits.layerFilters, ["layers", "filters"]) {
      ("conv2d", LayerRequest(type: "conv2d", filters: $0))
    },
    layer("kernel", TrainingLimits.layerKernel, ["layers", "kernel"]) {
      ("conv2d,filters=1", LayerRequest(type: "conv2d", filters: 1, kernel: $0))
    },
    layer("size", TrainingLimits.layerPool, ["layers", "size"]) {
      ("maxPool2d", LayerRequest(type: "maxPool2d", size: $0))
    },
    Field(
      name: "folds", bounds: TrainingLimits.folds, schema: ["search", "folds"],
      job: { $0.search = SearchRequest(parameters: [.init(name: "beta_1", values: ["0.5"])], folds: $1) },
      flags: { ["--search=beta_1=0.5", "--folds=\($0)"] }),
    Field(
      name: "dropColumns", bounds: TrainingLimits.dropColumns, schema: ["dataset", "dropColumns"], hasBelow: false,
      job: { $0.dataset.dropColumns = columns($1) }, flags: { columns($0).map { "--drop=\($0)" } }),
    Field(
      name: "targetColumn", bounds: TrainingLimits.columnName, schema: ["dataset", "targetColumn"],
      job: { $0.dataset.targetColumn = String(repeating: "é", count: $1) },
      flags: { ["--target=" + String(repeating: "é", count: $0)] }),
    Field(
      name: "searched hyperparameters' values", bounds: TrainingLimits.searchValues,
      schema: ["search", "parameters", "values"],
      job: { $0.search = SearchRequest(parameters: [.init(name: "beta_1", values: decimals($1))]) },
      flags: { ["--search=beta_1=" + decimals($0).joined(separator: ",")] }),
    Field(
      name: "layers", bounds: TrainingLimits.layers, hasBelow: false,
      job: { $0.layers = Array(repeating: LayerRequest(type: "dense", units: 2), count: $1) },
      flags: { Array(repeating: "--layers=dense,units=2", count: $0) }),
    Field(
      name: "trials", bounds: TrainingLimits.trials,
      job: { $0.search = SearchRequest(parameters: grid($1)) },
      flags: { grid($0).map { "--search=\($0.name)=" + $0.values.joined(separator: ",") } }),
  ]

  private static func layer(
    _ name: String, _ bounds: ClosedRange<Int>, _ schema: [String]?,
    _ make: @escaping @Sendable (Int) -> (flag: String, layer: LayerRequest)
  ) -> Field {
    Field(
      name: "\(make(1).layer.type) \(name)", bounds: bounds, algorithm: "CNN", schema: schema,
      job: { $0.layers = [make($1).layer] }, flags: { ["--layers=\(make($0).flag),\(name)=\($0)"] })
  }

  private static func columns(_ count: Int) -> [String] { (0..<max(0, count)).map { "c\($0)" } }
  private static func decimals(_ count: Int) -> [String] { (0..<max(0, count)).map { "0.\(1000 + $0)" } }
  /// About so many combinations, and at most for a round number.
  private static func grid(_ trials: Int) -> [SearchRequest.Parameter] {
    let second = (trials + 99) / 100
    return [
      .init(name: "beta_1", values: decimals(min(trials, 100))),
      .init(name: "beta_2", values: decimals(max(second, trials < 1 ? 0 : 1))),
    ]
  }

  // MARK: The three that judge

  private func api(_ algorithm: String, _ change: (inout TrainingSpec) -> Void) -> [String] {
    var training = TrainingSpec(algorithm: .svm, dataset: DatasetSpec(uri: "nowhere.csv", targetColumn: "y"))
    training.algorithm = Open(rawValue: algorithm)
    change(&training)
    let job = TrainingJob(
      metadata: ObjectMeta(name: "job"), spec: TrainingJobSpec(workerPoolName: "warm", training: training))
    return job.validate().map(\.description)
  }

  /// Whether the trainer goes as far as to look for the data, which is not there.
  private func trainer(_ request: TrainingRequest, _ search: SearchRequest?) -> LearningError? {
    do throws(LearningError) {
      let root = URL(filePath: "/nowhere")
      if let search {
        _ = try Trainer.load(request, search: search, dataRoot: root)
      } else {
        _ = try Trainer.load(request, dataRoot: root)
      }
      return nil
    } catch { return error }
  }

  private func takes(_ error: LearningError?) -> Bool { if case .fileUnreadable = error { true } else { false } }

  private func trainer(_ algorithm: String, _ change: (inout TrainingSpec) -> Void) -> LearningError? {
    var training = TrainingSpec(algorithm: .svm, dataset: DatasetSpec(uri: "nowhere.csv", targetColumn: "y"))
    training.algorithm = Open(rawValue: algorithm)
    change(&training)
    let hyperparameters = Dictionary(training.hyperparameters.map { ($0.name, $0.value) }) { $1 }
    let request = TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters,
      dataset: DatasetRequest(uri: "nowhere.csv", reading: training.dataset.reading), epochs: training.epochs,
      batchSize: training.batchSize, layers: training.layers.isEmpty ? nil : training.layers)
    return trainer(request, training.search)
  }

  private func commandLine(_ algorithm: String, _ flags: [String]) -> LearningError? {
    let target = flags.contains { $0.hasPrefix("--target") } ? [] : ["--target=y"]
    do {
      let command = try TrainCommand.parse(["-a", algorithm, "-d", "nowhere.csv"] + target + flags)
      return trainer(try command.request(), try command.searchRequest())
    } catch { return .badModel(detail: "the flags are refused: \(error)") }
  }

  // MARK: Behaviours

  @Test(arguments: fields) func `values at their bounds are taken and beyond them refused by all`(field: Field) {
    for value in [field.bounds.lowerBound, field.bounds.upperBound] {
      let problems = api(field.algorithm) { field.job(&$0, value) }
      #expect(problems.isEmpty, "\(value)")
      let error = trainer(field.algorithm) { field.job(&$0, value) }
      #expect(takes(error), "\(value): \(String(describing: error))")
      let told = commandLine(field.algorithm, field.flags(value))
      #expect(takes(told), "\(value): \(String(describing: told))")
    }
    for value in (field.hasBelow ? [field.bounds.lowerBound - 1] : []) + [field.bounds.upperBound + 1] {
      let problems = api(field.algorithm) { field.job(&$0, value) }
      #expect(!problems.isEmpty, "the API takes \(value)")
      let error = trainer(field.algorithm) { field.job(&$0, value) }
      #expect(!takes(error), "the trainer takes \(value)")
      #expect(!takes(commandLine(field.algorithm, field.flags(value))), "the command line takes \(value)")
    }
  }

  @Test(arguments: fields.filter { $0.schema != nil })
  func `the schema has the bounds of the definition`(field: Field) throws {
    var schema = TrainingJobSpec.schema
    for name in field.schema ?? [] {
      if case .list(let items, _, _) = schema.shape { schema = items }
      guard case .object(let properties) = schema.shape else { break }
      schema = try #require(properties.first { $0.name == name }).schema
    }
    switch schema.shape {
    case .integer(let bounds, _), .list(_, _, let bounds): #expect(bounds == field.bounds)
    case .string(let rule): #expect(rule.length == field.bounds)
    default: Issue.record("\(field.name) has no bounds in the schema")
    }
  }

  /// A new number with bounds has to come into the table above.
  @Test func `every number of the schema is in the table, but for those that the trainer is not given`() {
    func numbers(_ schema: Schema, _ path: [String]) -> [[String]] {
      switch schema.shape {
      case .integer: [path]
      case .object(let properties): properties.flatMap { numbers($0.schema, path + [$0.name]) }
      case .list(let items, _, _): numbers(items, path)
      default: []
      }
    }
    let inTable = Set(Self.fields.compactMap(\.schema))
    let others = numbers(TrainingSpec.schema, []).filter { !inTable.contains($0) }
    #expect(Set(others) == [["search", "maxParallel"], ["checkpoint", "everyEpochs"]])
  }

  @Test(arguments: ["0", "0.0", "0.2", ".999", "1", "1.0", "-0.1", "nan", "", "a fifth", "2"])
  func `a share is one for all or for none`(text: String) {
    let isShare = Share(text).value != nil
    #expect(api("MLP") { $0.dataset.testFraction = Share(text) }.isEmpty == isShare)
    #expect(takes(trainer("MLP") { $0.dataset.testFraction = Share(text) }) == isShare)
    #expect(takes(commandLine("MLP", ["--test-fraction=\(text)"])) == isShare)
    let layers = [LayerRequest(type: "dropout", rate: Share(text))]
    #expect(api("MLP") { $0.layers = layers }.isEmpty == isShare)
    #expect(takes(trainer("MLP") { $0.layers = layers }) == isShare)
    #expect(takes(commandLine("MLP", ["--layers=dropout,rate=\(text)"])) == isShare)
  }

  static let texts = [
    "0", "1", "-1", "2", "0.5", "1.0", "1.5", "-0.5", "1e-3", "nan", "inf", "None", "none", "true", "False", "adam",
    "SGD",
    "rbf", "gini", "sqrt", "scale", "auto", "x", "", "1000000", "1000001", "2147483647", "2147483648",
  ]

  /// Every hyperparameter of every algorithm, with texts of all kinds.
  @Test(arguments: Algorithm.allCases) func `a hyperparameter is taken by all or by none`(algorithm: Algorithm) {
    var taken = 0
    for spec in algorithm.hyperparameters {
      for text in Self.texts + [spec.defaultValue] {
        let parameter = Hyperparameter(name: spec.name, value: text)
        let right = api(algorithm.rawValue) { $0.hyperparameters = [parameter] }.isEmpty
        taken += right ? 1 : 0
        let error = trainer(algorithm.rawValue) { $0.hyperparameters = [parameter] }
        #expect(takes(error) == right, "\(spec.name)=\(text): \(String(describing: error))")
        #expect(takes(commandLine(algorithm.rawValue, ["--set=\(spec.name)=\(text)"])) == right, "\(spec.name)=\(text)")
        let search = SearchRequest(parameters: [.init(name: spec.name, values: [text])])
        #expect(api(algorithm.rawValue) { $0.search = search }.isEmpty == right, "\(spec.name)=\(text) in a search")
      }
      #expect(api(algorithm.rawValue) { $0.hyperparameters = [.init(name: spec.name, value: spec.defaultValue)] } == [])
    }
    #expect(taken > algorithm.hyperparameters.count)
    #expect(!api(algorithm.rawValue) { $0.hyperparameters = [.init(name: "no_such", value: "1")] }.isEmpty)
    #expect(!takes(trainer(algorithm.rawValue) { $0.hyperparameters = [.init(name: "no_such", value: "1")] }))
    #expect(!takes(commandLine(algorithm.rawValue, ["--set=no_such=1"])))
  }

  @Test(arguments: Algorithm.allCases) func `layers in any order are taken by all or by none`(algorithm: Algorithm) {
    let kinds = [
      LayerRequest(type: "dense", units: 2, activation: "relu"), LayerRequest(type: "conv2d", filters: 1),
      LayerRequest(type: "maxPool2d"), LayerRequest(type: "flatten"), LayerRequest(type: "lstm", units: 1),
      LayerRequest(type: "dropout", rate: "0.5"), LayerRequest(type: "dense"), LayerRequest(type: "lstm", kernel: 2),
    ]
    for first in kinds {
      for second in kinds {
        for third in kinds {
          let layers = [first, second, third]
          let right = api(algorithm.rawValue) { $0.layers = layers }.isEmpty
          #expect(takes(trainer(algorithm.rawValue) { $0.layers = layers }) == right, "\(layers.map(\.type))")
        }
      }
    }
  }

  @Test func `every field of how data is read stands in the schema under its name, with its default`() throws {
    guard case .object(let properties) = DatasetSpec.schema.shape else {
      Issue.record("a data set is an object")
      return
    }
    let defaults = try #require(try JSON.value(of: DatasetReading()).objectValue)
    for field in Mirror(reflecting: DatasetReading()).children {
      let name = try #require(field.label)
      let property = try #require(properties.first { $0.name == name }, "\(name) is not in the schema")
      // An empty list need not be filled in.
      if name != "dropColumns" { #expect(property.schema.defaultValue == defaults[name], "\(name)") }
    }
  }

  @Test func `every algorithm stands in the schema and can be trained`() throws {
    guard case .object(let properties) = TrainingJobSpec.schema.shape,
      case .string(let rule)? = properties.first(where: { $0.name == "algorithm" })?.schema.shape
    else {
      Issue.record("there is no algorithm in the schema")
      return
    }
    #expect(rule.values == Algorithm.words)
    for algorithm in Algorithm.allCases {
      let request = TrainingRequest(
        algorithm: algorithm.rawValue, dataset: DatasetRequest(uri: "builtin://digits?count=40"), epochs: 1)
      let session = try Trainer.load(request, dataRoot: URL(filePath: "/nowhere"))
      try session.step()
      #expect(session.progress.totalSteps > 0, "\(algorithm.rawValue)")
    }
  }

  @Test func `every hyperparameter has a default that it takes and a sentence that explains it`() {
    for algorithm in Algorithm.allCases {
      let specs = algorithm.hyperparameters
      #expect(Set(specs.map(\.name)).count == specs.count)
      for spec in specs { #expect(spec.summary.hasSuffix("."), "\(algorithm.rawValue) \(spec.name)") }
    }
  }
}

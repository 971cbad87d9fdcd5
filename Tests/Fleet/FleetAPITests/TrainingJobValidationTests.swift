import KubeTypes
import Testing

@testable import FleetAPI

@Suite struct TrainingJobValidationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let change: @Sendable (inout TrainingJob) -> Void
    let errors: [String]
    init(_ errors: String..., change: @escaping @Sendable (inout TrainingJob) -> Void) {
      self.errors = errors
      self.change = change
    }
    var testDescription: String { errors.first ?? "valid" }
  }

  @Test(arguments: [
    Case { _ in },
    Case { $0.spec.training.epochs = 1 },
    Case { $0.spec.training.dataset = DatasetSpec(uri: "builtin://digits") },
    Case { $0.spec.training.dataset = DatasetSpec(name: "mnist", format: .idx) },
    Case("spec.epochs: Invalid value: 0: must be at least 1") { $0.spec.training.epochs = 0 },
    Case("spec.batchSize: Invalid value: 1048577: must be at most 1048576") { $0.spec.training.batchSize = 1_048_577 },
    Case(
      "spec.algorithm: Unsupported value: \"Foo\": supported values: \"LogisticRegression\", \"SVM\", \"DecisionTree\", "
        + "\"RandomForest\", \"DNN\", \"MLP\", \"CNN\", \"LSTM\""
    ) { $0.spec.training.algorithm = Algorithm(rawValue: "Foo") },
    Case(
      "spec.algorithm: Required value: one of LogisticRegression, SVM, DecisionTree, RandomForest, DNN, MLP, CNN, LSTM"
    ) { $0.spec.training.algorithm = Algorithm(rawValue: "") },
    Case("spec.dataset: Required value: exactly one of name and uri must be set") {
      $0.spec.training.dataset.uri = nil
    },
    Case("spec.dataset: Forbidden: exactly one of name and uri must be set, not both") {
      $0.spec.training.dataset.name = "iris"
    },
    Case("spec.dataset.targetColumn: Required value: CSV data needs the column to predict") {
      $0.spec.training.dataset.targetColumn = nil
    },
    Case("spec.dataset.format: Unsupported value: \"XML\": supported values: \"CSV\", \"IDX\"") {
      $0.spec.training.dataset.format = DatasetFormat(rawValue: "XML")
    },
    Case(
      "spec.dataset.testFraction: Invalid value: \"1.0\": must be a decimal number above 0 and below 1, such as \"0.2\""
    ) { $0.spec.training.dataset.testFraction = "1.0" },
    Case("spec.dataset.seed: Invalid value: -1: must be at least 0") { $0.spec.training.dataset.seed = -1 },
    Case("spec.dataset.dropColumns[1]: Duplicate value: \"Id\"") {
      $0.spec.training.dataset.dropColumns = ["Id", "Id"]
    },
    Case("spec.dataset.dropColumns[0]: Invalid value: \"Species\": must not be the targetColumn") {
      $0.spec.training.dataset.dropColumns = ["Species"]
    },
    Case("spec.hyperparameters[1].name: Duplicate value: \"C\"") {
      $0.spec.training.hyperparameters = [.init(name: "C", value: "1"), .init(name: "C", value: "2")]
    },
    Case(
      "spec.hyperparameters[0].name: Invalid value: \"1C\": must be letters, digits and '_', beginning with a letter"
    ) { $0.spec.training.hyperparameters = [.init(name: "1C", value: "1")] },
    Case("spec.hyperparameters[0].value: Too long: must have at most 1024 characters") {
      $0.spec.training.hyperparameters = [.init(name: "C", value: String(repeating: "x", count: 1_025))]
    },
    Case("spec.workerPoolName: Required value: must not be empty") { $0.spec.workerPoolName = "" },
    Case("spec.workers.min: Invalid value: 3: must not be above workers.max, which is 2") {
      $0.spec.workers = WorkerRange(min: 3, max: 2)
    },
    Case("spec.backoffLimit: Invalid value: -1: must be at least 0") { $0.spec.backoffLimit = -1 },
    Case("spec.activeDeadlineSeconds: Invalid value: 0: must be at least 1") { $0.spec.activeDeadlineSeconds = 0 },
    Case("spec.ttlSecondsAfterFinished: Invalid value: -1: must be at least 0") {
      $0.spec.ttlSecondsAfterFinished = -1
    },
    Case("spec.search.parameters: Required value: must have at least 1 items") {
      $0.spec.training.search = SearchSpec(parameters: [])
    },
    Case(
      "spec.search.parameters[0].values[1]: Duplicate value: \"1\"",
      "spec.search.folds: Invalid value: 1: must be at least 2"
    ) { $0.spec.training.search = SearchSpec(parameters: [.init(name: "C", values: ["1", "1"])], folds: 1) },
    Case("spec.checkpoint.everyEpochs: Invalid value: 0: must be at least 1") {
      $0.spec.training.checkpoint = CheckpointSpec(everyEpochs: 0)
    },
    Case(
      "spec.epochs: Invalid value: 0: must be at least 1", "spec.batchSize: Invalid value: 0: must be at least 1"
    ) {
      $0.spec.training.epochs = 0
      $0.spec.training.batchSize = 0
    },
  ])
  func namesFieldValueAndWhatWouldBeRight(_ item: Case) {
    var job = Samples.job
    item.change(&job)
    #expect(job.validate().map(\.description) == item.errors)
  }

  @Test(arguments: [(50, true), (51, false)])
  func nameLeavesRoomForTheNamesOfTasks(length: Int, isValid: Bool) {
    var job = Samples.job
    job.metadata.name = String(repeating: "n", count: length)
    #expect(job.validate().isEmpty == isValid)
    let task = TrainingTask.name(job: job.name, attempt: 999_999, member: Limits.workers.upperBound - 1)
    #expect(!isValid || task.count <= 63)
  }
}

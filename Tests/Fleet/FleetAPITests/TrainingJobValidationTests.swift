import KubeTypes
import Testing
import TrainingDefinition

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
    Case("spec.batchSize: Invalid value: 65537: must be at most 65536") { $0.spec.training.batchSize = 65_537 },
    Case(
      "spec.algorithm: Unsupported value: \"Foo\": supported values: \"LogisticRegression\", \"SVM\", \"DecisionTree\", "
        + "\"RandomForest\", \"DNN\", \"MLP\", \"CNN\", \"LSTM\""
    ) { $0.spec.training.algorithm = Open(rawValue: "Foo") },
    Case(
      "spec.algorithm: Required value: one of LogisticRegression, SVM, DecisionTree, RandomForest, DNN, MLP, CNN, LSTM"
    ) { $0.spec.training.algorithm = Open(rawValue: "") },
    Case("spec.dataset: Required value: exactly one of name and uri must be set") {
      $0.spec.training.dataset.uri = nil
    },
    Case("spec.dataset: Forbidden: exactly one of name and uri must be set, not both") {
      $0.spec.training.dataset.name = "iris"
    },
    Case("spec.dataset.uri: Invalid value: \"19\": must be an integer from 20 to 1000000") {
      $0.spec.training.dataset.uri = "builtin://digits?count=19"
    },
    Case("spec.dataset.targetColumn: Required value: CSV data needs the column to predict") {
      $0.spec.training.dataset.targetColumn = nil
    },
    Case("spec.dataset.format: Unsupported value: \"XML\": supported values: \"CSV\", \"IDX\"") {
      $0.spec.training.dataset.format = Open(rawValue: "XML")
    },
    Case(
      "spec.dataset.testFraction: Invalid value: \"1.0\": must be a decimal number from 0 to below 1, such as \"0.2\""
    ) { $0.spec.training.dataset.testFraction = "1.0" },
    Case("spec.dataset.seed: Invalid value: \"-1\": must be from 0 to 9007199254740991") {
      $0.spec.training.dataset.seed = -1
    },
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
    Case(
      "spec.hyperparameters[1].name: Unsupported value: \"learning_rate\": LogisticRegression has no hyperparameter "
        + "\"learning_rate\"; it has C, max_iter, tol, random_state"
    ) { $0.spec.training.hyperparameters = [.init(name: "C", value: "1"), .init(name: "learning_rate", value: "1")] },
    Case("spec.hyperparameters[0].value: Invalid value: \"abc\": C must be a number above 0.0") {
      $0.spec.training.hyperparameters = [.init(name: "C", value: "abc")]
    },
    Case(
      "spec.layers: Invalid value: \"1 layer\": must be absent: LogisticRegression has none (DNN, MLP, CNN, LSTM have)"
    ) { $0.spec.training.layers = [LayerRequest(type: "flatten")] },
    Case(
      "spec.layers[0].units: Invalid value: \"1025\": must be from 1 to 1024",
      "spec.layers[1].kernel: Invalid value: \"3\": must be absent: dense has units, activation",
      "spec.layers[2].type: Invalid value: \"conv3d\": must be dense, conv2d, maxPool2d, flatten, lstm or dropout"
    ) {
      $0.spec.training.algorithm = Open(.cnn)
      $0.spec.training.layers = [
        LayerRequest(type: "lstm", units: 1_025), LayerRequest(type: "dense", units: 1, kernel: 3),
        LayerRequest(type: "conv3d"),
      ]
    },
    Case("spec.layers[1].type: Invalid value: \"dense\": must be preceded by a layer of type flatten") {
      $0.spec.training.algorithm = Open(.cnn)
      $0.spec.training.layers = [LayerRequest(type: "conv2d", filters: 2), LayerRequest(type: "dense", units: 2)]
    },
    Case(
      "spec.search.parameters[0].name: Unsupported value: \"gamma\": LogisticRegression has no hyperparameter "
        + "\"gamma\"; it has C, max_iter, tol, random_state",
      "spec.search.objective: Invalid value: \"Speed\": must be one of Accuracy, F1, Precision, Recall, Loss, ROCAUC"
    ) {
      $0.spec.training.search = SearchRequest(parameters: [.init(name: "gamma", values: ["1"])], objective: "Speed")
    },
    Case(
      "spec.search: Invalid value: \"256 × 256\": must be at most 10000 trials; give fewer values or fewer folds"
    ) {
      let values = (1...256).map { "\($0)" }
      $0.spec.training.search = SearchRequest(
        parameters: [.init(name: "C", values: values), .init(name: "max_iter", values: values)])
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
    Case("spec.search.parameters: Invalid value: \"0 hyperparameters\": must be from 1 to 16 of them") {
      $0.spec.training.search = SearchRequest(parameters: [])
    },
    Case(
      "spec.search.parameters[0].values[1]: Invalid value: \"1\": must be different from the other values",
      "spec.search.folds: Invalid value: \"1\": must be from 2 to 20"
    ) { $0.spec.training.search = SearchRequest(parameters: [.init(name: "C", values: ["1", "1"])], folds: 1) },
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

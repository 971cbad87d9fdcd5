import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct LayerRequestTests {
  private let dense = LayerRequest(type: "dense", units: 8, activation: "relu")
  private let convolution = LayerRequest(type: "conv2d", filters: 4)

  private func error(_ layers: [LayerRequest], algorithm: String = "CNN") -> LearningError? {
    let request = TrainingRequest(algorithm: algorithm, dataset: DatasetRequest(uri: "x.csv"), layers: layers)
    return Fixtures.error { () throws(LearningError) in try request.checked() }
  }

  /// A session on generated digits, or on a table of `columns` columns.
  private func session(
    _ algorithm: String, _ layers: [LayerRequest]? = nil, columns: Int? = nil
  ) throws(LearningError) -> any TrainingSession {
    let request = TrainingRequest(
      algorithm: algorithm, dataset: DatasetRequest(uri: "builtin://digits?count=40", targetColumn: "y"), epochs: 1,
      batchSize: 16, layers: layers)
    guard let columns else { return try Trainer.load(request, dataRoot: Fixtures.packageRoot) }
    let header = (0..<columns).map { "c\($0)" }.joined(separator: ",")
    let rows = (0..<30).map { row in
      (0..<columns).map { "\((row * ($0 + 3)) % 7)" }.joined(separator: ",") + (row % 2 == 0 ? ",a" : ",b")
    }
    let table = try CSVTable(text: "\(header),y\n" + rows.joined(separator: "\n"))
    return try Trainer.load(
      request, dataset: try TableDataset.make(table, request: Fixtures.request(testFraction: 0.2)))
  }

  @Test(arguments: [
    (LayerRequest(type: "conv3d"), "type", "conv3d", "dense, conv2d"),
    (LayerRequest(type: "dense"), "units", "", "from 1 to 65536"),
    (LayerRequest(type: "dense", units: 0), "units", "0", "from 1 to 65536"),
    (LayerRequest(type: "dense", units: 3, activation: "softmax"), "activation", "softmax", "relu, tanh or sigmoid"),
    (LayerRequest(type: "dense", units: 3, filters: 2), "filters", "2", "dense has units, activation"),
    (LayerRequest(type: "conv2d", filters: 5000), "filters", "5000", "from 1 to 4096"),
    (LayerRequest(type: "conv2d", filters: 5, kernel: 0), "kernel", "0", "from 1 to 64"),
    (LayerRequest(type: "maxPool2d", size: 16), "size", "16", "from 1 to 15"),
    (LayerRequest(type: "lstm", units: 1025), "units", "1025", "from 1 to 1024"),
    (LayerRequest(type: "dropout"), "rate", "", "from 0 to below 1"),
    (LayerRequest(type: "dropout", rate: 1.0), "rate", "1.0", "from 0 to below 1"),
    (LayerRequest(type: "flatten", units: 1), "units", "1", "has no fields"),
  ]) func mistakesNamePlaceFieldAndCure(layer: LayerRequest, field: String, value: String, cure: String) {
    guard case .request(.invalidRequest(let place, let found, let expected)) = error([dense, layer]) else {
      Issue.record("another error")
      return
    }
    #expect(place == "layers[1].\(field)")
    #expect(found == value)
    #expect(expected.contains(cure))
  }

  @Test func listsHaveBoundsAndTheirAlgorithms() {
    #expect(error([])?.message == "layers is \"0 layers\"; it must be from 1 to 64 layers")
    #expect(error(Array(repeating: dense, count: 65))?.reason == "InvalidRequest")
    let other = error([dense], algorithm: "LogisticRegression")
    #expect(other?.message.contains("LogisticRegression has none (DNN, MLP, CNN, LSTM have)") == true)
  }

  @Test func layersAreWrittenPlainly() throws {
    let text = #"[{"type":"conv2d","filters":32,"kernel":3,"activation":"relu"},{"type":"flatten"}]"#
    let layers = try JSONDecoder().decode([LayerRequest].self, from: Data(text.utf8))
    #expect(
      layers == [
        LayerRequest(type: "conv2d", filters: 32, kernel: 3, activation: "relu"), LayerRequest(type: "flatten"),
      ])
  }

  /// What only the data can tell: sizes that do not fit, and layers in the wrong order.
  @Test(arguments: [
    ([LayerRequest(type: "conv2d", filters: 2, kernel: 29)], "layers[0].kernel", "28×28×1"),
    (
      [LayerRequest(type: "conv2d", filters: 2), LayerRequest(type: "dense", units: 2)], "layers[1].type",
      "preceded by a layer of type flatten"
    ),
    (
      [
        LayerRequest(type: "conv2d", filters: 2, kernel: 20, activation: "relu"),
        LayerRequest(type: "maxPool2d", size: 10),
      ],
      "layers[1].size", "9×9×2"
    ),
    (
      [LayerRequest(type: "dense", units: 2), LayerRequest(type: "conv2d", filters: 2)], "layers[1].type", "on images"
    ),
    ([LayerRequest(type: "lstm", units: 2), LayerRequest(type: "lstm", units: 2)], "layers[1].type", "first"),
  ]) func layersThatDoNotFitAreRefused(layers: [LayerRequest], field: String, cure: String) {
    let error = Fixtures.error { () throws(LearningError) in try session("CNN", layers) }
    guard case .request(.invalidRequest(let place, _, let expected)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place == field)
    #expect(expected.contains(cure))
  }

  @Test(arguments: [2, 3, 5, 8, 783]) func rowsThatAreNoSquareAreRefused(columns: Int) {
    for layers in [nil, [convolution]] {
      let error = Fixtures.error { () throws(LearningError) in try session("CNN", layers, columns: columns) }
      #expect(error == .notSquare(width: columns))
      #expect(error?.retryable == false)
    }
    #expect(LearningError.notSquare(width: 5).message.contains("drop columns down to 4, add some up to 9, or use DNN"))
  }

  @Test(arguments: ["CNN", "LSTM"]) func tablesAndImagesAreTrainedOn(algorithm: String) throws {
    for columns in [nil, 16] {
      let session = try session(algorithm, columns: columns)
      while !session.isFinished { try session.step() }
      let model = try session.finish()
      #expect(try TrainedModel(decoding: try model.encoded()) == model)
    }
  }

  @Test func ownLayersAreTrainedAndTravelWithTheModel() throws {
    let layers = [
      LayerRequest(type: "dropout", rate: 0.1), LayerRequest(type: "conv2d", filters: 3, kernel: 5, activation: "tanh"),
      LayerRequest(type: "maxPool2d", size: 4), LayerRequest(type: "conv2d", filters: 4, kernel: 2, activation: "relu"),
      LayerRequest(type: "maxPool2d"), LayerRequest(type: "dropout", rate: 0.2), LayerRequest(type: "flatten"),
      LayerRequest(type: "dense", units: 7, activation: "sigmoid"),
    ]
    let session = try session("MLP", layers)
    while !session.isFinished { try session.step() }
    let model = try session.finish()
    guard case .network(let specs) = model.description.structure else {
      Issue.record("no network")
      return
    }
    #expect(specs.first == .reshape(shape: [28, 28, 1]))
    #expect(model.tensors.map(\.name).prefix(2) == ["conv2d1.weight", "conv2d1.bias"])
    let copy = try TrainedModel(decoding: try model.encoded())
    let pixels = (0..<784).map { UInt8($0 % 251) }
    #expect(try Predictor(copy).predict(pixels: pixels) == (try Predictor(model).predict(pixels: pixels)))
  }
}

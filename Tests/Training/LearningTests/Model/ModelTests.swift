import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct ModelTests {
  private func model(_ algorithm: String = "LogisticRegression") throws -> TrainedModel {
    let request = TrainingRequest(
      algorithm: algorithm,
      dataset: DatasetRequest(uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"]), epochs: 2)
    let session = try Trainer.load(request, dataRoot: Fixtures.packageRoot)
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  @Test(arguments: ["LogisticRegression", "MLP", "DNN"]) func modelsAreReadBackAsTheyWere(algorithm: String) throws {
    let model = try model(algorithm)
    let bytes = try model.encoded()
    let copy = try TrainedModel(decoding: bytes)
    #expect(copy == model)
    #expect(try copy.encoded() == bytes)
  }

  @Test func rawRowsArePredictedAsInTraining() throws {
    let model = try model()
    let predictor = try Predictor(try TrainedModel(decoding: try model.encoded()))
    let table = try CSVTable(path: Fixtures.iris)
    let answers = try predictor.predict(table)
    let target = try #require(table.columns.firstIndex(of: "Species"))
    let hits = answers.indices.filter { answers[$0].label == table.text(row: $0, column: target) }.count
    // Training and test rows together: exactly those that the report counted.
    let report = model.description.report
    let counted = report.trainAccuracy * 120 + (report.testAccuracy ?? 0) * 30
    #expect(hits == Int(counted.rounded()))
    #expect(answers.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
  }

  @Test func recordsMayLackValues() throws {
    let predictor = try Predictor(try model())
    let full = [
      "SepalLengthCm": "5.0", "SepalWidthCm": "3.4", "PetalLengthCm": "1.5", "PetalWidthCm": "0.2", "Other": "x",
    ]
    #expect(try predictor.predict([full]).first?.label == "Iris-setosa")
    #expect(try predictor.predict([["PetalLengthCm": "1.2", "PetalWidthCm": "NA"]]).count == 1)
    #expect(try predictor.predict([[String: String]]()).isEmpty)
  }

  @Test func rowsThatDoNotFitAreRefused() throws {
    let predictor = try Predictor(try model())
    let text = Fixtures.error { () throws(LearningError) in try predictor.predict([["PetalWidthCm": "wide"]]) }
    #expect(text == .notANumber(column: "PetalWidthCm", line: 1, value: "wide"))
    let missing = Fixtures.error { () throws(LearningError) in
      try predictor.predict(try CSVTable(text: "PetalWidthCm\n1\n"))
    }
    #expect(missing?.reason == "InputMismatch")
    #expect(missing?.message.contains("SepalLengthCm") == true)
    let image = Fixtures.error { () throws(LearningError) in try predictor.predict(pixels: [1, 2, 3]) }
    #expect(image?.reason == "InputMismatch")
  }

  @Test func categoriesTravelWithTheModel() throws {
    let rows = (0..<60).map { ["red,true,x", "green,false,y", "blue,true,z"][$0 % 3] }.joined(separator: "\n")
    let dataset = try TableDataset.make(
      try CSVTable(text: "colour,flag,y\n" + rows), request: Fixtures.request(testFraction: 0.2))
    let session = try Trainer.load(
      TrainingRequest(algorithm: "LogisticRegression", dataset: Fixtures.request(testFraction: 0.2)), dataset: dataset)
    while !session.isFinished { try session.step() }
    let predictor = try Predictor(try TrainedModel(decoding: try session.finish().encoded()))
    let answers = try predictor.predict([
      ["colour": "red", "flag": "TRUE"], ["colour": "green", "flag": "false"], ["colour": "blue", "flag": "true"],
    ])
    #expect(answers.map(\.label) == ["x", "y", "z"])
    #expect(try predictor.predict([["colour": "never seen", "flag": "maybe"]]).count == 1)
  }

  @Test func imagesArePredictedFromTheirBytes() throws {
    let request = TrainingRequest(
      algorithm: "LogisticRegression", hyperparameters: ["max_iter": "5"],
      dataset: DatasetRequest(uri: "builtin://digits?count=60"))
    let session = try Trainer.load(request, dataRoot: Fixtures.packageRoot)
    while !session.isFinished { try session.step() }
    let predictor = try Predictor(try session.finish())
    #expect(try predictor.predict(pixels: [UInt8](repeating: 0, count: 2 * 784)).count == 2)
    let cut = Fixtures.error { () throws(LearningError) in try predictor.predict(pixels: [1]) }
    #expect(cut?.reason == "InputMismatch")
  }

  @Test func damagedModelsAreRefused() throws {
    let bytes = try model().encoded()
    for damaged in [Data(), bytes.prefix(7), bytes.prefix(100), bytes.dropLast(), bytes + Data([1])] {
      let error = Fixtures.error { () throws(LearningError) in try TrainedModel(decoding: damaged) }
      #expect(error?.reason == "BadModel")
    }
    let other = try TensorFile(metadata: ["format": "pt"], tensors: []).encoded()
    let error = Fixtures.error { () throws(LearningError) in try TrainedModel(decoding: other) }
    #expect(error?.message.contains("tensorfleet.model.v1") == true)
  }
}

@Suite struct TensorFileTests {
  private let file = TensorFile(
    metadata: ["a": "b"],
    tensors: [
      Tensor(name: "w", shape: [2, 2], floats: [1, -2, 3.5, .infinity]), Tensor(name: "e", shape: [0, 3], floats: []),
      Tensor(name: "d", shape: [1], doubles: [0.1]),
    ])

  @Test func theLayoutIsThatOfSafetensors() throws {
    let data = try TensorFile(metadata: [:], tensors: [Tensor(name: "w", shape: [1], floats: [1])]).encoded()
    let length = Int(data[0])
    let header = try #require(JSONSerialization.jsonObject(with: data[8..<(8 + length)]) as? [String: Any])
    let entry = try #require(header["w"] as? [String: Any])
    #expect(entry["dtype"] as? String == "F32")
    #expect(entry["data_offsets"] as? [Int] == [0, 4])
    #expect(Array(data.suffix(4)) == [0, 0, 0x80, 0x3F])
    #expect((8 + length) % 8 == 0)
  }

  @Test func contentIsReadBack() throws {
    let copy = try TensorFile(decoding: try file.encoded())
    #expect(copy.metadata == file.metadata)
    for tensor in file.tensors { #expect(copy[tensor.name] == tensor) }
  }

  @Test(arguments: 0..<300) func noBytesCrashTheReader(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var data = try file.encoded()
    for _ in 0..<(1 + random.below(4)) { data[random.below(data.count)] = UInt8(random.below(256)) }
    if random.below(3) == 0 { data = data.prefix(random.below(data.count)) }
    do {
      let read = try TensorFile(decoding: data)
      for tensor in read.tensors { #expect(tensor.shape.reduce(1, *) == tensor.values.count, "seed \(seed)") }
    } catch let error {
      #expect(!error.detail.isEmpty, "seed \(seed)")
    }
  }
}

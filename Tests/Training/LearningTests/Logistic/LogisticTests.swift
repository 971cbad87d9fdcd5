import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct LogisticTests {
  private func plan(_ dataset: Dataset, c: String = "1.0") throws -> TrainingPlan {
    let request = TrainingRequest(
      algorithm: "LogisticRegression", hyperparameters: ["C": c, "tol": "1e-6"], dataset: Fixtures.request())
    let (algorithm, hyperparameters) = try request.validated()
    return TrainingPlan(
      request: request, algorithm: algorithm, hyperparameters: hyperparameters, dataset: dataset)
  }

  /// Rows with this share of values other than 0.
  private func dataset(rows: Int, width: Int, classes: Int, filled: Float, seed: UInt64) -> Dataset {
    var random = SeededRandom(seed: seed)
    let values = (0..<(rows * width)).map { _ in random.uniform() < filled ? random.uniform(-1, 1) : 0 }
    let labels = (0..<rows).map { _ in Int32(random.below(classes)) }
    return Dataset(Examples(values, labels: labels, width: width), classes: classes)
  }

  /// The objective as its definition says, in double.
  private func value(_ dataset: Dataset, _ point: [Double], c: Double) -> Double {
    guard case .floats(let buffer) = dataset.train.features else { return .nan }
    let (width, classes, rows) = (dataset.train.width, dataset.classCount, dataset.train.count)
    var loss = 0.0
    for row in 0..<rows {
      let logits = (0..<classes).map { label in
        (0..<width).reduce(point[width * classes + label]) {
          $0 + Double(buffer.base[row * width + $1]) * point[$1 * classes + label]
        }
      }
      let top = logits.max() ?? 0
      loss += top + log(logits.reduce(0) { $0 + exp($1 - top) }) - logits[Int(dataset.train.labels[row])]
    }
    let square = point[..<(width * classes)].reduce(0) { $0 + $1 * $1 }
    return loss / Double(rows) + (classes == 2 ? 2 : 1) * square / (2 * c * Double(rows))
  }

  @Test(arguments: [
    (1, 1, 2, Float(1)), (70, 7, 3, 1), (70, 7, 3, 0.2), (200, 33, 16, 0.1), (130, 20, 17, 1), (65, 18, 40, 0.3),
  ]) func valueAndGradientFollowTheDefinition(rows: Int, width: Int, classes: Int, filled: Float) throws {
    let dataset = dataset(rows: rows, width: width, classes: classes, filled: filled, seed: 3)
    let objective = LogisticObjective(try plan(dataset, c: "0.3"))
    var random = SeededRandom(seed: 4)
    let point = (0..<((width + 1) * classes)).map { _ in Double(random.uniform(-1, 1)) }
    var gradient = [Double](repeating: 0, count: point.count)
    let found = objective.evaluate(point, &gradient)
    #expect(abs(found - value(dataset, point, c: 0.3)) < 1e-5)
    for _ in 0..<20 {
      let index = random.below(point.count)
      var (up, down) = (point, point)
      up[index] += 1e-5
      down[index] -= 1e-5
      let numeric = (value(dataset, up, c: 0.3) - value(dataset, down, c: 0.3)) / 2e-5
      #expect(abs(gradient[index] - numeric) < 1e-5)
    }
  }

  @Test func bytesAreFloatsTimesTheirScale() throws {
    for filled in [0.1, 0.9] {
      var random = SeededRandom(seed: 9)
      let bytes = (0..<(150 * 20)).map { _ in
        Double(random.uniform()) < filled ? UInt8(1 + random.below(255)) : 0
      }
      let labels = (0..<150).map { _ in Int32(random.below(3)) }
      let scale: Float = 1 / 255
      let images = Examples(features: .bytes(ByteBuffer(bytes), scale: scale), labels: labels, width: 20)
      let floats = Examples(bytes.map { Float($0) * scale }, labels: labels, width: 20)
      let point = (0..<63).map { _ in Double(random.uniform(-1, 1)) }
      var gradients: [[Double]] = []
      for examples in [images, floats] {
        var gradient = [Double](repeating: 0, count: 63)
        _ = LogisticObjective(try plan(Dataset(examples, classes: 3))).evaluate(point, &gradient)
        gradients.append(gradient)
      }
      #expect(gradients[0] == gradients[1])
    }
  }

  @Test(arguments: [Float(0.2), 1]) func resultsDoNotDependOnThreads(filled: Float) throws {
    let dataset = dataset(rows: 5000, width: 6, classes: 3, filled: filled, seed: 8)
    let point = (0..<21).map { Double($0) / 21 }
    var seen: [[Double]] = []
    for threads in [1, 2, 5] {
      var gradient = [Double](repeating: 0, count: 21)
      let value = LogisticObjective(try plan(dataset), pool: ThreadPool(threads: threads)).evaluate(point, &gradient)
      seen.append(gradient + [value])
    }
    #expect(seen[1] == seen[0] && seen[2] == seen[0])
  }

  @Test func coefficientsAreScikitLearns() throws {
    let reference = try SupportVectorReference.load().iris
    let wanted = try #require(reference.coefficients)
    let session = try Trainer.load(
      TrainingRequest(
        algorithm: "LogisticRegression", hyperparameters: ["tol": "1e-6"], dataset: Fixtures.request()),
      dataset: Dataset(try CrossValidationTests.iris(), classes: 3))
    while !session.isFinished { try session.step() }
    let model = try session.finish()
    let weights = try #require(model.tensors.first { $0.shape == [4, 3] }?.floats)
    for label in 0..<3 {
      for column in 0..<4 {
        #expect(abs(Double(weights[column * 3 + label]) - wanted[label * 4 + column]) < 2e-3)
      }
    }
    let biases = try #require(model.tensors.first { $0.shape == [3] }?.floats)
    // scikit-learn's intercepts add up to 0; the loss does not change when all grow alike.
    let shift = biases.reduce(0, +) / 3
    for (bias, expected) in zip(biases, try #require(reference.intercepts)) {
      #expect(abs(Double(bias - shift) - expected) < 2e-3)
    }
  }
}

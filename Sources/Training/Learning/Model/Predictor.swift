/// What a model says about one row.
package struct Prediction: Sendable, Equatable {
  /// The most probable class.
  package let label: String
  /// One for each of the model's classes, in their order; they add up to 1.
  package let probabilities: [Float]
}

/// A trained model ready to answer. Not Sendable: it owns the memory it computes in; make one a thread.
package final class Predictor {
  private let preprocessing: Preprocessing
  private let evaluator: Evaluator

  /// - Throws: `linearAlgebraUnavailable`.
  package init(_ model: TrainedModel) throws(LearningError) {
    preprocessing = model.description.preprocessing
    evaluator = Evaluator(try model.description.structure.classifier(model.tensors, for: preprocessing))
  }

  /// Labels in the order of the probabilities.
  package var classes: [String] { preprocessing.classes }

  /// Every row of a raw table; columns are found by name.
  /// - Throws: `inputMismatch`, `notANumber`, `nonFiniteValue`, `valueOutOfRange`.
  package func predict(_ table: CSVTable) throws(LearningError) -> [Prediction] {
    run(.floats(try tableEncoder().encode(table)), rows: table.rowCount)
  }

  /// Raw records, cell text by column name; a missing name means that the value is not known.
  /// - Throws: `inputMismatch`, `notANumber`, `nonFiniteValue`, `valueOutOfRange`.
  package func predict(_ records: [[String: String]]) throws(LearningError) -> [Prediction] {
    run(.floats(try tableEncoder().encode(records)), rows: records.count)
  }

  /// Raw images, one after the other, a byte a pixel.
  /// - Throws: `inputMismatch` where the bytes are no whole number of images or the model takes tables.
  package func predict(pixels: [UInt8]) throws(LearningError) -> [Prediction] {
    guard case .image(let shape, let scale) = preprocessing.input else {
      throw .inputMismatch(detail: "the model takes the columns \(preprocessing.featureNames.joined(separator: ", "))")
    }
    let size = shape.reduce(1, *)
    guard pixels.count % size == 0 else {
      throw .inputMismatch(detail: "\(pixels.count) bytes are no whole number of images of \(size) pixels")
    }
    return run(.bytes(ByteBuffer(pixels), scale: scale), rows: pixels.count / size)
  }

  private func tableEncoder() throws(LearningError) -> TableEncoder {
    guard case .table(let columns) = preprocessing.input else {
      throw .inputMismatch(detail: "the model takes images, not tables")
    }
    return TableEncoder(columns: columns)
  }

  private func run(_ features: Examples.Features, rows: Int) -> [Prediction] {
    let examples = Examples(
      features: features, labels: Array(repeating: 0, count: rows), width: preprocessing.inputWidth)
    let all = evaluator.probabilities(examples)
    let count = classes.count
    return (0..<rows).map { row in
      let probabilities = Array(all[(row * count)..<((row + 1) * count)])
      let best = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
      return Prediction(label: classes[best], probabilities: probabilities)
    }
  }
}

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A trained model with everything needed to use it: preprocessing, structure, weights, and how good it is.
package struct TrainedModel: Sendable, Equatable {
  /// All that is not weights.
  package struct Description: Codable, Sendable, Equatable {
    package var algorithm: String
    /// Every hyperparameter, defaults included.
    package var hyperparameters: [String: String]
    package var structure: ModelStructure
    package var preprocessing: Preprocessing
    package var report: EvaluationReport
    package var history: [EpochRecord]
    /// What was noticed about the data set.
    package var warnings: [DatasetWarning]
    /// What is known of a tree or a forest beyond its report; nil for other algorithms.
    package var trees: TreeSummary?
    /// Of a model that a search chose: the best combinations and their scores, best first.
    package var search: [SearchResult.Candidate]?
  }

  package var description: Description
  /// The numbers that `description.structure` speaks of.
  package var tensors: [Tensor]

  package init(description: Description, tensors: [Tensor]) {
    self.description = description
    self.tensors = tensors
  }

  /// The figures under the names users know; see `EvaluationReport.metrics`.
  package var metrics: [String: Double] { description.report.metrics }

  private static let format = "tensorfleet.model.v1"

  /// The model as a safetensors file; the description is its metadata.
  /// - Throws: `badModel` where a number in the description is not finite.
  package func encoded() throws(LearningError) -> Data {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let text = String(decoding: try encoder.encode(description), as: UTF8.self)
      return try TensorFile(metadata: ["format": Self.format, "model": text], tensors: tensors).encoded()
    } catch {
      throw .badModel(detail: "it cannot be written: \(error)")
    }
  }

  /// Reads what `encoded` wrote.
  /// - Throws: `badModel`.
  package init(decoding data: Data) throws(LearningError) {
    let file: TensorFile
    do {
      file = try TensorFile(decoding: data)
    } catch {
      throw .badModel(detail: error.detail)
    }
    guard file.metadata["format"] == Self.format, let text = file.metadata["model"] else {
      throw .badModel(detail: "its metadata does not say \(Self.format)")
    }
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(text.utf8))
    } catch {
      throw .badModel(detail: "its description cannot be read: \(error)")
    }
    let preprocessing = description.preprocessing
    guard preprocessing.inputWidth > 0, preprocessing.inputWidth <= 1 << 24, !preprocessing.classes.isEmpty else {
      throw .badModel(detail: "its inputs have impossible sizes")
    }
    tensors = try description.structure.tensors(in: file, for: preprocessing)
  }
}

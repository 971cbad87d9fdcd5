#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A trained model with everything needed to use it: preprocessing, layers, weights, and how good it is.
package struct TrainedModel: Sendable, Equatable {
  /// All that is not weights.
  package struct Description: Codable, Sendable, Equatable {
    package var algorithm: String
    /// Every hyperparameter, defaults included.
    package var hyperparameters: [String: String]
    package var layers: [LayerSpec]
    package var preprocessing: Preprocessing
    package var report: EvaluationReport
    package var history: [EpochRecord]
  }

  package var description: Description
  /// One for each of the network's slots, 32-bit.
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
    guard preprocessing.inputWidth > 0, preprocessing.inputWidth <= 1 << 24, !preprocessing.classes.isEmpty,
      description.layers.allSatisfy(\.isSane)
    else { throw .badModel(detail: "its layers or inputs have impossible sizes") }
    let network = Network(description.layers, inputWidth: preprocessing.inputWidth)
    guard network.outputWidth == preprocessing.classes.count else {
      throw .badModel(detail: "it has \(network.outputWidth) outputs for \(preprocessing.classes.count) classes")
    }
    tensors = []
    for slot in network.slots {
      guard let tensor = file[slot.name], tensor.shape == slot.shape, tensor.floats != nil else {
        throw .badModel(detail: "tensor \(slot.name) is missing or not a 32-bit \(slot.shape)")
      }
      tensors.append(tensor)
    }
  }
}

extension LayerSpec {
  /// Sizes that can be allocated and rates that make sense: a model file may come from anywhere.
  fileprivate var isSane: Bool {
    switch self {
    case .dense(let units): (1...1 << 20).contains(units)
    case .relu: true
    case .dropout(let rate): rate >= 0 && rate < 1
    }
  }
}

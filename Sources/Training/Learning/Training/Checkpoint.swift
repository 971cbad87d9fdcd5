import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The part of a checkpoint that is not tensors.
struct CheckpointHeader: Codable, Equatable {
  /// A checkpoint continues one request only: with other batches or another split its position would mean nothing.
  struct Fingerprint: Codable, Equatable {
    var algorithm: String
    var hyperparameters: [String: String]
    var dataset: DatasetRequest
    var epochs: Int
    var batchSize: Int
    var trainRows: Int
    var parameters: Int
    var layers: [LayerRequest]?
  }

  /// The epoch with the smallest test loss so far.
  struct Best: Codable, Equatable {
    var epoch: Int
    var testLoss: Double
  }

  var fingerprint: Fingerprint
  var epoch: Int
  var step: Int
  var totalSteps: Int
  /// Sums over the epoch so far.
  var lossSum: Double
  var correct: Int
  var rows: Int
  var optimiserSteps: Int
  /// The value reached, for L-BFGS.
  var value: Double
  var finished: Bool
  var seconds: Double
  var epochSeconds: Double
  var history: [EpochRecord]
  /// With early stopping, once an epoch was tested.
  var best: Best?
}

/// Writes and reads checkpoints: a safetensors file whose metadata holds the header.
enum Checkpoint {
  private static let format = "tensorfleet.checkpoint.v1"

  static func encode(_ header: CheckpointHeader, tensors: [Tensor]) throws(LearningError) -> Data {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let text = String(decoding: try encoder.encode(header), as: UTF8.self)
      return try TensorFile(metadata: ["format": format, "checkpoint": text], tensors: tensors).encoded()
    } catch {
      throw .badCheckpoint(detail: "it cannot be written: \(error)")
    }
  }

  /// - Throws: `badCheckpoint` for damage and for a checkpoint of another request.
  static func decode(
    _ data: Data, for fingerprint: CheckpointHeader.Fingerprint
  ) throws(LearningError) -> (CheckpointHeader, TensorFile) {
    let file: TensorFile
    do {
      file = try TensorFile(decoding: data)
    } catch {
      throw .badCheckpoint(detail: error.detail)
    }
    guard file.metadata["format"] == format, let text = file.metadata["checkpoint"],
      let header = try? JSONDecoder().decode(CheckpointHeader.self, from: Data(text.utf8))
    else { throw .badCheckpoint(detail: "its metadata is not that of \(format)") }
    guard header.fingerprint == fingerprint else {
      throw .badCheckpoint(detail: "it belongs to another request or to other data")
    }
    return (header, file)
  }

  /// The 32-bit tensor `name` of exactly `count` values.
  static func floats(_ file: TensorFile, _ name: String, count: Int) throws(LearningError) -> [Float] {
    guard let values = file[name]?.floats, values.count == count else {
      throw .badCheckpoint(detail: "tensor \(name) is missing or has the wrong size")
    }
    return values
  }

  /// The 64-bit tensor `name` as rows of `width` values.
  static func doubleRows(_ file: TensorFile, _ name: String, width: Int) throws(LearningError) -> [[Double]] {
    guard let tensor = file[name], let values = tensor.doubles, tensor.shape.count == 2, tensor.shape[1] == width else {
      throw .badCheckpoint(detail: "tensor \(name) is missing or has the wrong size")
    }
    return (0..<tensor.shape[0]).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
  }
}

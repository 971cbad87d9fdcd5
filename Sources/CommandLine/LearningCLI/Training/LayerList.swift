import Foundation
import Learning
import TrainingDefinition

/// Layers as a command line names them.
enum LayerList {
  /// `texts` as layers: each a layer such as `dense,units=64,activation=relu`, or a single one the path of a JSON file
  /// with a list of objects such as `{"type": "dense", "units": 64}`.
  /// - Throws: a failure of input that names the layer and what would be right.
  static func read(_ texts: [String]) throws -> [LayerRequest] {
    if texts.count == 1, texts[0].hasSuffix(".json") { return try file(texts[0]) }
    return try texts.map(layer)
  }

  private static func file(_ path: String) throws -> [LayerRequest] {
    let buffer = try FileReader.read(path)
    let data = withExtendedLifetime(buffer) { Data(buffer.bytes) }
    do {
      return try JSONDecoder().decode([LayerRequest].self, from: data)
    } catch {
      throw CommandFailure.input(
        "--layers: \(path) is not a JSON list of layers such as [{\"type\": \"dense\", \"units\": 64}]")
    }
  }

  private static func layer(_ text: String) throws(CommandFailure) -> LayerRequest {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var layer = LayerRequest(type: parts[0])
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let value = sides.count == 2 ? sides[1] : ""
      switch sides[0] {
      case "units": layer.units = try number(value, text)
      case "filters": layer.filters = try number(value, text)
      case "kernel": layer.kernel = try number(value, text)
      case "size": layer.size = try number(value, text)
      case "rate": layer.rate = Share(value)
      case "activation": layer.activation = value
      default: throw malformed(text)
      }
    }
    return layer
  }

  private static func number<Number: LosslessStringConvertible>(
    _ value: String, _ text: String
  ) throws(CommandFailure) -> Number {
    guard let number = Number(value) else { throw malformed(text) }
    return number
  }

  private static func malformed(_ text: String) -> CommandFailure {
    .input(
      "--layers is \"\(text)\"; it must be a type and fields, such as dense,units=64,activation=relu (fields: units, "
        + "filters, kernel, size, rate, activation), or a .json file")
  }
}

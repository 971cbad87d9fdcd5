import ArgumentParser
import CommandLineKit
import Foundation
import Learning

/// `tensorfleet export`.
package struct ExportCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a model as ONNX, for any ONNX runtime.",
    discussion: """
      The graph holds the preprocessing too: it takes raw values and gives `label` [N] and
      `probabilities` [N, classes]. A table's model has an input [N, 1] for each column:
      double for numbers (NaN: not known) and booleans (1 and 0), string for categories.
      An image's model has one input `image`, uint8 [N, height, width].

      EXAMPLES
        tensorfleet export models/iris/model.safetensors
        tensorfleet export model.safetensors -o /srv/models/iris.onnx
      """)

  @Argument(help: "A model.safetensors.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write. Default: beside the model, as .onnx.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var output: String?

  package init() {}

  package func run() async throws {
    try await CommandFailure.guarding {
      let trained = try ModelReader.read(model)
      let path = output ?? Self.path(beside: model)
      try AtomicFile.write(try trained.onnxData(), to: path)
      Terminal.standardOutput.write(path + "\n")
    }
  }

  static func path(beside model: String) -> String {
    (model.hasSuffix(".safetensors") ? String(model.dropLast(".safetensors".count)) : model) + ".onnx"
  }
}

/// Reads model files.
enum ModelReader {
  /// - Throws: `LearningError.fileUnreadable`; a failure of input that names the file where it is no model.
  static func read(_ path: String) throws -> TrainedModel {
    let buffer = try FileReader.read(path)
    let data = withExtendedLifetime(buffer) { Data(buffer.bytes) }
    do {
      return try TrainedModel(decoding: data)
    } catch {
      throw CommandFailure.input("\(path): \(error.message)")
    }
  }
}

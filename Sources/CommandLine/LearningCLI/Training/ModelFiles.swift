import CommandLineKit
import Foundation
import Learning
import TrainingDefinition

/// What a training leaves on the disk.
enum ModelFiles {
  /// Writes model.safetensors, model.onnx, curve.svg where there is a curve, and report.json last, each whole or not at
  /// all.
  /// - Returns: the files' paths by what they are: `model`, `onnx`, `curve`, `report`.
  static func write(
    _ model: TrainedModel, request: TrainingRequest, directory: String
  ) throws -> [String: String] {
    var files: [String: String] = [:]
    func write(_ data: Data, _ kind: String, _ name: String) throws {
      let path = "\(directory)/\(name)"
      try AtomicFile.write(data, to: path)
      files[kind] = path
    }
    try write(try model.encoded(), "model", "model.safetensors")
    try write(try model.onnxData(), "onnx", "model.onnx")
    let unit = ProgressUnit(algorithm: request.algorithm)?.name ?? "epoch"
    if let curve = LearningCurve(model.description.history, title: title(request), unit: unit) {
      try write(Data(curve.svg().utf8), "curve", "curve.svg")
    }
    files["report"] = "\(directory)/report.json"
    let report = TrainReport(model, request: request, files: files)
    try AtomicFile.write(Data((report.json + "\n").utf8), to: "\(directory)/report.json")
    return files
  }

  /// What was trained on what.
  private static func title(_ request: TrainingRequest) -> String {
    "\(request.algorithm) on \(request.dataset.shortName)"
  }
}

extension DatasetRequest {
  /// The name of the file, folder or generator, without what follows its first point.
  var shortName: String {
    let path = uri.split(whereSeparator: { $0 == "?" || $0 == "#" }).first ?? "data"
    let last = path.split(separator: "/").last ?? "data"
    return String(last.split(separator: ".").first ?? last)
  }
}

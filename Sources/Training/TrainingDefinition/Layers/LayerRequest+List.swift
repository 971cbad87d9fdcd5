extension LayerRequest {
  /// All that is wrong with a request's own layers, as far as it can be told without data: whether the algorithm takes any,
  /// their number, then a problem a layer, then their order. Fields are such as `layers[2].units`.
  package static func faults(_ layers: [LayerRequest], for algorithm: Algorithm) -> [TrainingFault] {
    let counted = layers.count == 1 ? "1 layer" : "\(layers.count) layers"
    guard algorithm.isNetwork else {
      let takers = Algorithm.allCases.filter(\.isNetwork).map(\.rawValue).joined(separator: ", ")
      return [
        TrainingFault(
          "layers", value: counted, expected: "absent: \(algorithm.rawValue) has none (\(takers) have)")
      ]
    }
    let bounds = TrainingLimits.layers
    guard bounds.contains(layers.count) else {
      return [
        TrainingFault(
          "layers", value: counted, expected: "from \(bounds.lowerBound) to \(bounds.upperBound) layers")
      ]
    }
    var faults: [TrainingFault] = []
    var specs: [(layer: LayerSpec, index: Int)] = []
    for (index, layer) in layers.enumerated() {
      do throws(TrainingProblem) {
        specs += try layer.specs(index: index).map { ($0, index) }
      } catch { faults.append(TrainingFault(field(of: error) ?? "layers[\(index)]", error)) }
    }
    return faults.isEmpty ? misplaced(specs) : faults
  }

  private static func field(of problem: TrainingProblem) -> String? {
    if case .invalidRequest(let field, _, _) = problem { field } else { nil }
  }

  /// The first layer that cannot read what the one before it makes.
  private static func misplaced(_ specs: [(layer: LayerSpec, index: Int)]) -> [TrainingFault] {
    var form = DataForm(readBy: specs.map(\.layer))
    for (layer, index) in specs {
      if let wanted = layer.reads, wanted.form != form {
        return [
          TrainingFault("layers[\(index)].type", value: layer.typeName, expected: wanted.place)
        ]
      }
      form = layer.makes ?? form
    }
    return []
  }
}

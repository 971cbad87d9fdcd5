/// Reads the fields of one `LayerRequest` and says exactly what is wrong with them.
struct LayerFields {
  let layer: LayerRequest
  /// Such as `layers[2]`.
  let place: String

  func problem(_ field: String, _ value: String, _ expected: String) -> TrainingProblem {
    .invalidRequest(field: "\(place).\(field)", value: value, expected: expected)
  }

  /// Refuses fields that the layer's type does not have: a misplaced one would otherwise be ignored in silence.
  func allow(_ names: [String]) throws(TrainingProblem) {
    let given = [
      ("units", layer.units.map { "\($0)" }), ("filters", layer.filters.map { "\($0)" }),
      ("kernel", layer.kernel.map { "\($0)" }), ("size", layer.size.map { "\($0)" }),
      ("rate", layer.rate?.text), ("activation", layer.activation),
    ]
    for (name, value) in given where !names.contains(name) {
      guard let value else { continue }
      let fields = names.isEmpty ? "has no fields" : "has " + names.joined(separator: ", ")
      throw problem(name, value, "absent: \(layer.type) \(fields)")
    }
  }

  /// A number that must be given and lie within `bounds`.
  func integer(_ name: String, _ value: Int?, _ bounds: ClosedRange<Int>) throws(TrainingProblem) -> Int {
    guard let value, bounds.contains(value) else {
      throw problem(name, value.map { "\($0)" } ?? "", "from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return value
  }

  func rate() throws(TrainingProblem) -> Double {
    guard let rate = layer.rate?.value else { throw problem("rate", layer.rate?.text ?? "", Share.requirement) }
    return rate
  }

  /// The activation as a layer of its own; none for `linear`.
  func activation() throws(TrainingProblem) -> [LayerSpec] {
    switch layer.activation {
    case nil, "linear": return []
    case "relu": return [.relu]
    case "tanh": return [.tanh]
    case "sigmoid": return [.sigmoid]
    case .some(let name):
      throw problem("activation", name, "linear, relu, tanh or sigmoid; the softmax of the output layer is added")
    }
  }
}

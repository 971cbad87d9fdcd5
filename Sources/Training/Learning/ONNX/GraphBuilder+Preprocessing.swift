import ONNX

extension GraphBuilder {
  /// Appends inputs for raw rows and the operations that make features of them, exactly as `TableEncoder` and
  /// `Examples` do.
  /// - Returns: the float value [N×inputWidth].
  mutating func features(of preprocessing: Preprocessing) -> String {
    switch preprocessing.input {
    case .table(let columns): tableFeatures(columns)
    case .image(let shape, let scale): imageFeatures(shape, scale: scale)
    }
  }

  /// Fill and standardise for all columns at once, in 64 bits as training did. Raw numbers are 64-bit too: a tree's
  /// threshold lies in the middle of two values, and where a third value lies just there (4.9 between 4.8 and 5.0)
  /// one rounding more would decide to which side it goes.
  private mutating func tableFeatures(_ columns: [FeatureColumn]) -> String {
    let parts = columns.map { rawColumn($0) }
    let raw = parts.count == 1 ? parts[0] : node("Concat", parts, name: "raw", attributes: [.init("axis", .integer(1))])
    let unknown = node("IsNaN", [raw], name: "unknown")
    let known = node("Where", [unknown, row("fill", columns.map(\.fill)), raw], name: "known")
    let centred = node("Sub", [known, row("mean", columns.map(\.mean))], name: "centred")
    let scaled = node("Div", [centred, row("deviation", columns.map(\.deviation))], name: "scaled")
    return cast(scaled, to: .float, name: "features")
  }

  /// One column as double [N×1], NaN where it is not known.
  private mutating func rawColumn(_ column: FeatureColumn) -> String {
    let shape: [ValueInfoProto.Dimension] = [.named("N"), .fixed(1)]
    switch column.kind {
    case .number:
      return input(column.name, .double, shape: shape, documentation: "a number; NaN: not known")
    case .boolean:
      return input(column.name, .double, shape: shape, documentation: "1 for true, 0 for false, NaN: not known")
    case .category:
      let text = input(
        column.name, .string, shape: shape, documentation: "a category; empty or never seen: not known")
      let code = node(
        "LabelEncoder", domain: .machineLearning, [text], name: column.name + "_code",
        attributes: [
          .init("keys_strings", .strings(column.categories)),
          .init("values_floats", .floats(column.categories.indices.map { Float($0) })),
          .init("default_float", .float(.nan)),
        ])
      return cast(code, to: .double, name: column.name + "_number")
    }
  }

  private mutating func row(_ name: String, _ values: [Double]) -> String {
    constant(name, shape: [1, values.count], .doubles(values))
  }

  /// byte · scale, rows laid out flat.
  private mutating func imageFeatures(_ shape: [Int], scale: Float) -> String {
    let image = input(
      "image", .uint8, shape: [.named("N")] + shape.map { .fixed($0) }, documentation: "pixels as in the file")
    let numbers = cast(image, to: .float, name: "pixels")
    let scaled = node("Mul", [numbers, scalar("scale", scale)], name: "scaled")
    return node("Flatten", [scaled], name: "features", attributes: [.init("axis", .integer(1))])
  }
}

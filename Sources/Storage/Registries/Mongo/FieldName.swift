/// Names of metrics and hyperparameters as fields of documents. A dot or a dollar means something to MongoDB in a field's name, so
/// they are written percent-encoded: `f1.macro` is kept as `f1%2Emacro`, and `accuracy` as what it is.
enum FieldName {
  static func escaped(_ name: String) -> String {
    // An empty name would be lost in a path.
    if name.isEmpty { return "%" }
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "%": text += "%25"
      case ".": text += "%2E"
      case "$": text += "%24"
      case "\0": text += "%00"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  static func unescaped(_ field: String) -> String {
    if field == "%" { return "" }
    return field.replacing("%2E", with: ".").replacing("%24", with: "$").replacing("%00", with: "\0")
      .replacing("%25", with: "%")
  }
}

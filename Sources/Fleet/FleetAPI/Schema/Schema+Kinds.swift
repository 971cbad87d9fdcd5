// What all kinds of the API have in common.
extension Schema {
  /// A kind: `spec` is required, `metadata` is the server's business; not every kind has a status.
  static func kind(_ description: String, spec: Schema, status: Schema? = nil, rules: [CELRule] = []) -> Schema {
    .object(
      description,
      [
        .optional("apiVersion", .envelope("The API group and version: \(Fleet.group)/\(Fleet.version).")),
        .optional("kind", .envelope("The object's kind.")),
        .optional("metadata", .metadata),
        .required("spec", spec),
      ] + (status.map { [.optional("status", $0)] } ?? []), rules: rules)
  }

  /// Bounds would be refused here: the server knows these members itself.
  private static func envelope(_ description: String) -> Schema {
    Schema(shape: .serverString, description: description)
  }

  /// The server describes it itself, and refuses a description.
  private static var metadata: Schema { Schema(shape: .object([]), description: "") }

  static var observedGeneration: Schema {
    .int64("The metadata.generation that this status describes.", Limits.longCounter)
  }

  /// Conditions as all of Kubernetes has them (`metav1.Condition`).
  static func conditions(_ description: String) -> Schema {
    .list(
      description,
      of: .object(
        "One observed aspect of the object's state.",
        [
          .required("type", .string("The condition's type.", 1...316, pattern: Pattern.camelCase)),
          .required("status", .choice("True, False or Unknown.", ["True", "False", "Unknown"])),
          .required(
            "reason", .string("Why, in one word for programs.", 1...1_024, pattern: Pattern.camelCase)),
          .required("message", .string("Why, in a sentence for people.", 0...32_768)),
          .required("lastTransitionTime", .time("When status last changed.")),
          .optional("observedGeneration", .observedGeneration),
        ]), .map(keys: ["type"]), count: 0...16)
  }
}

extension CELRule {
  /// Keeps an object's name short enough for the names that are made of it.
  static func nameLength(_ why: String) -> CELRule {
    CELRule(
      "self.metadata.name.size() <= \(Limits.ownerNameLength)",
      "metadata.name must have at most \(Limits.ownerNameLength) characters: \(why)")
  }
}

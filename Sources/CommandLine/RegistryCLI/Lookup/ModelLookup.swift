import CommandLineKit
import Registries

extension Registry {
  /// The model that a reference means: `iris` is the newest version, `iris@v3` that one, `iris@production` the newest with this
  /// tag, and `iris@latest` the newest where no version has that tag.
  /// - Throws: `RegistryFailure`, `RegistryError`.
  func model(_ text: String) async throws -> ModelRecord {
    let reference = try RecordReference(text)
    let name = reference.name
    guard let selector = reference.selector else { return try await model(name, version: nil) }
    if let version = Self.version(selector) {
      let exact = try await Lookup.ifPresent { () async throws(RegistryError) in
        try await model(name, version: version)
      }
      if let exact { return exact }
      try await explain(name, "version \"\(version)\"") { "its versions are \($0.map(\.version).listed)" }
    }
    let tagged = try await listModels(ModelQuery(name: name, tag: selector, slice: Slice(limit: 1))).items.first
    if let tagged { return tagged }
    if selector == "latest" { return try await model(name, version: nil) }
    try await explain(name, "version or tag \"\(selector)\"") { models in
      let tags = Set(models.flatMap(\.tags)).sorted()
      return tags.isEmpty
        ? "no version of it has a tag; '\(Invocation.name) models tag \(name)@\(models.first?.version ?? "v1") +\(selector)' gives one"
        : "its tags are \(tags.listed)"
    }
  }

  /// Says what a model has in place of what it has not.
  private func explain(
    _ name: String, _ what: String, others: ([ModelRecord]) -> String
  ) async throws -> Never {
    // Where there is not even the name, that is what to say.
    _ = try await model(name, version: nil)
    let models = try await listModels(ModelQuery(name: name)).items
    throw RegistryFailure("model \(name) has no \(what); \(others(models))")
  }

  /// `v3` for v3, V3 and 3; nil for what is no version.
  private static func version(_ text: String) -> String? {
    let digits = text.first == "v" || text.first == "V" ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
      return nil
    }
    return "v\(number)"
  }
}

extension [String] {
  /// Some of them, in one line.
  var listed: String { prefix(10).joined(separator: ", ") + (count > 10 ? " and \(count - 10) more" : "") }
}

/// What people write to name a version: `iris`, `iris@v3`, `iris@production`; `iris/v3` too, as a job's status has it.
struct RecordReference: Equatable {
  var name: String
  /// A version or a tag; nil for the newest version.
  var selector: String?

  /// - Throws: `RegistryFailure` where a part is empty.
  init(_ text: String) throws(RegistryFailure) {
    let mark = text.firstIndex { $0 == "@" || $0 == "/" }
    name = String(text[..<(mark ?? text.endIndex)])
    selector = mark.map { String(text[text.index(after: $0)...]) }
    guard !name.isEmpty, selector?.isEmpty != true else {
      throw RegistryFailure(
        "\"\(text)\" names nothing; it must be a name such as iris, or name@version", exitCode: ExitStatus.usage)
    }
  }
}

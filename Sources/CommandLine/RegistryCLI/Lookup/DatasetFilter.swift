import Registries

/// What `--dataset` means. Tables show only the file's name of a path or URI, so that is what people give.
enum DatasetFilter {
  /// - Parameters:
  ///   - wanted: what was given; a whole name is looked for first.
  ///   - find: the page with this data set, or without such a filter.
  /// - Returns: the page, and what to say where nothing was found.
  static func page<Item>(
    _ wanted: String?, dataset: (Item) -> String, _ find: (String?, _ isWhole: Bool) async throws -> Page<Item>
  ) async throws -> (page: Page<Item>, hint: String?) {
    let exact = try await find(wanted, false)
    guard let wanted, exact.total == 0 else { return (exact, nil) }
    let known = Set(try await find(nil, true).items.map(dataset)).sorted()
    let meant = known.filter { DatasetLabel.short($0) == wanted }
    if meant.count == 1 { return (try await find(meant[0], false), nil) }
    if meant.count > 1 { return (exact, "\"\(wanted)\" may be any of \(meant.listed); give --dataset the whole of it") }
    return (exact, known.isEmpty ? nil : "data sets that were trained on: \(known.listed)")
  }
}

/// Some of a longer list.
package struct Page<Item: Sendable>: Sendable {
  package var items: [Item]
  /// How many there are in all, on every page together.
  package var total: Int

  package init(items: [Item], total: Int) {
    self.items = items
    self.total = total
  }
}

extension Page: Equatable where Item: Equatable {}

/// Which part of a list is wanted.
package struct Slice: Sendable, Hashable {
  /// How many come before it.
  package var skip: Int
  /// How many at most; nil for all.
  package var limit: Int?

  package init(skip: Int = 0, limit: Int? = nil) {
    self.skip = max(0, skip)
    self.limit = limit.map { max(0, $0) }
  }

  package static let all = Slice()

  func of<Item>(_ items: [Item]) -> Page<Item> {
    let rest = items.dropFirst(skip)
    return Page(items: Array(limit.map { rest.prefix($0) } ?? rest), total: items.count)
  }
}

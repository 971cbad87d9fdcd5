/// By what a list is sorted. What is equal in it is sorted by name, then newest first; what lacks it comes last.
package struct RegistryOrder: Sendable, Hashable {
  package enum Key: Sendable, Hashable {
    case name
    case created
    case size
    case algorithm
    case metric(String)
  }
  package var key: Key
  package var isDescending: Bool

  package init(_ key: Key, descending: Bool = false) {
    self.key = key
    isDescending = descending
  }

  /// What a key's value is in some record.
  enum Value: Comparable {
    case text(String)
    case number(Double)

    static func < (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.text(let left), .text(let right)): left < right
      case (.number(let left), .number(let right)): left < right
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }

  /// Sorts records, which stay in their order where they are equal.
  func sorted<Record>(_ records: [Record], value: (Record, Key) -> Value?) -> [Record] {
    let keyed = records.enumerated().map { (place: $0.offset, record: $0.element, value: value($0.element, key)) }
    return keyed.sorted { left, right in
      switch (left.value, right.value) {
      case (let first?, let second?) where first != second: return isDescending ? second < first : first < second
      case (.some, nil): return true
      case (nil, .some): return false
      default: return left.place < right.place
      }
    }.map(\.record)
  }
}

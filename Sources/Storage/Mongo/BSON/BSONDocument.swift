/// Fields in an order that matters to MongoDB: the first key of a command is its name.
package struct BSONDocument: Sendable, Hashable {
  package struct Field: Sendable, Hashable {
    package var key: String
    package var value: BSON

    package init(_ key: String, _ value: BSON) {
      self.key = key
      self.value = value
    }
  }

  package var fields: [Field]

  package init() { fields = [] }
  package init(fields: [Field]) { self.fields = fields }
  package init(_ pairs: some Sequence<(String, BSON)>) { fields = pairs.map { Field($0.0, $0.1) } }

  /// The value of the first field of this name; a dot in `key` means nothing. Setting replaces it in its place, adds it at
  /// the end, or with nil removes it.
  package subscript(key: String) -> BSON? {
    get { fields.first { $0.key == key }?.value }
    set {
      let index = fields.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): fields[index].value = value
      case (nil, let value?): fields.append(Field(key, value))
      case (let index?, nil): fields.remove(at: index)
      case (nil, nil): break
      }
    }
  }

  package var isEmpty: Bool { fields.isEmpty }
  package var keys: [String] { fields.map(\.key) }

  /// This document with another's fields in place of, or after, its own.
  package func merging(_ other: BSONDocument) -> BSONDocument {
    var merged = self
    for field in other.fields { merged[field.key] = field.value }
    return merged
  }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, BSON)...) { self.init(elements) }
}

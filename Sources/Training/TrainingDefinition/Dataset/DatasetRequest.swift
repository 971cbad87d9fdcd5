/// Which data to train on, once its name is looked up: what the trainer is given.
@dynamicMemberLookup
package struct DatasetRequest: Sendable, Hashable {
  /// A path relative to the data root, an absolute path, `file://…`, or `builtin://digits?count=4000&seed=1`.
  package var uri: String
  /// `CSV` or `IDX` in any case; nil or empty: told from the name.
  package var format: String?
  /// How it is read and split.
  package var reading: DatasetReading

  package init(uri: String, format: String? = nil, reading: DatasetReading) {
    self.uri = uri
    self.format = format
    self.reading = reading
  }

  package init(
    uri: String, format: String? = nil, targetColumn: String? = nil, dropColumns: [String] = [],
    testFraction: Double? = nil
  ) {
    self.init(uri: uri, format: format, reading: DatasetReading())
    reading.targetColumn = targetColumn
    reading.dropColumns = dropColumns
    if let testFraction { reading.testFraction = Share(testFraction) }
  }

  package subscript<Value>(dynamicMember member: WritableKeyPath<DatasetReading, Value>) -> Value {
    get { reading[keyPath: member] }
    set { reading[keyPath: member] = newValue }
  }
}

extension DatasetRequest: Codable {
  private enum CodingKeys: String, CodingKey { case uri, format }

  /// The members of `reading` stand beside the others.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    uri = try container.decode(String.self, forKey: .uri)
    format = try container.decodeIfPresent(String.self, forKey: .format)
    reading = try DatasetReading(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try reading.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(uri, forKey: .uri)
    try container.encodeIfPresent(format, forKey: .format)
  }
}

import TrainingDefinition

/// The data to train on, and how it is read and split.
@dynamicMemberLookup
package struct DatasetSpec: Sendable, Hashable {
  /// A data set of the registry. Exactly one of `name` and `uri` is given.
  package var name: String?
  /// `https://…`, `s3://bucket/key`, `file:///path`, a path below the workers' data directory, or `builtin://digits`.
  package var uri: String?
  /// What the file's SHA-256 must be, in hexadecimal.
  package var sha256: String?
  package var format: Open<DatasetFormat>
  /// How it is read and split.
  package var reading: DatasetReading

  package init(
    name: String? = nil, uri: String? = nil, sha256: String? = nil, format: DatasetFormat = .csv,
    targetColumn: String? = nil, dropColumns: [String] = []
  ) {
    self.name = name
    self.uri = uri
    self.sha256 = sha256
    self.format = Open(format)
    reading = DatasetReading()
    reading.targetColumn = targetColumn
    reading.dropColumns = dropColumns
  }

  package subscript<Value>(dynamicMember member: WritableKeyPath<DatasetReading, Value>) -> Value {
    get { reading[keyPath: member] }
    set { reading[keyPath: member] = newValue }
  }
}

extension DatasetSpec: Codable {
  private enum CodingKeys: String, CodingKey { case name, uri, sha256, format }

  /// The members of `reading` stand beside the others, as users know them.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    uri = try container.decodeIfPresent(String.self, forKey: .uri)
    sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
    format = try container.decodeIfPresent(Open<DatasetFormat>.self, forKey: .format) ?? Open(.csv)
    reading = try DatasetReading(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try reading.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(uri, forKey: .uri)
    try container.encodeIfPresent(sha256, forKey: .sha256)
    try container.encode(format, forKey: .format)
  }
}

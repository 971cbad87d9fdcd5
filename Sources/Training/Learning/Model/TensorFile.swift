#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Tensors and text in the safetensors layout (github.com/huggingface/safetensors, "Format"): the header's length as a
/// little-endian 64-bit number, a JSON header, the tensors' bytes. Models and checkpoints are such files, so other
/// tools can open them.
package struct TensorFile: Sendable, Equatable {
  /// The header's `__metadata__`.
  package var metadata: [String: String]
  package var tensors: [Tensor]

  package init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of this name.
  package subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The file's bytes; the same content always gives the same bytes.
  package func encoded() throws -> Data {
    var entries: [String: Entry] = [:]
    var offset = 0
    for tensor in tensors {
      let size = tensor.byteCount
      entries[tensor.name] = Entry(dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, offset + size])
      offset += size
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = try encoder.encode(Header(metadata: metadata, entries: entries))
    // Spaces at the end of the header put the first tensor at a multiple of 8.
    while header.count % 8 != 0 { header.append(Ascii.space) }
    var data = Data(capacity: 8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    for tensor in tensors { tensor.append(to: &data) }
    return data
  }

  /// Reads a file's bytes.
  /// - Throws: `Malformed` saying what is wrong.
  package init(decoding data: Data) throws(Malformed) {
    let data = data.startIndex == 0 ? data : Data(data)
    guard data.count >= 8 else { throw Malformed("it is shorter than 8 bytes") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(data.count - 8) else { throw Malformed("its header is cut off") }
    let body = 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: data[8..<body])
    } catch {
      throw Malformed("its header is not the JSON of a safetensors file")
    }
    metadata = header.metadata
    tensors = []
    var end = 0
    // By end where two begin alike: the first of them is empty, then.
    let ordered = header.entries.sorted {
      ($0.value.data_offsets.first ?? 0, $0.value.data_offsets.last ?? 0)
        < ($1.value.data_offsets.first ?? 0, $1.value.data_offsets.last ?? 0)
    }
    for (name, entry) in ordered {
      // Entries must lie one after the other without holes, or bytes could hide between them.
      guard entry.data_offsets.count == 2, entry.data_offsets[0] == end, entry.data_offsets[1] >= end,
        entry.data_offsets[1] <= data.count - body
      else { throw Malformed("tensor \(name) lies outside the file or overlaps another") }
      end = entry.data_offsets[1]
      guard let tensor = Tensor(name: name, entry: entry, bytes: data[(body + entry.data_offsets[0])..<(body + end)])
      else { throw Malformed("tensor \(name) has a type or shape that does not fit its bytes") }
      tensors.append(tensor)
    }
    guard end == data.count - body else { throw Malformed("it has \(data.count - body - end) bytes too many") }
  }

  /// Why bytes are not a tensor file.
  package struct Malformed: Error, Equatable {
    package let detail: String
    init(_ detail: String) { self.detail = detail }
  }

  fileprivate struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private struct Header: Codable {
    var metadata: [String: String]
    var entries: [String: Entry]

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    private static let metadataKey = Key(stringValue: "__metadata__")

    init(metadata: [String: String], entries: [String: Entry]) {
      self.metadata = metadata
      self.entries = entries
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      metadata = try container.decodeIfPresent([String: String].self, forKey: Self.metadataKey) ?? [:]
      entries = [:]
      for key in container.allKeys where key.stringValue != Self.metadataKey.stringValue {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(metadata, forKey: Self.metadataKey)
      for (name, entry) in entries { try container.encode(entry, forKey: Key(stringValue: name)) }
    }
  }
}

extension Tensor {
  fileprivate var dtype: String {
    switch values {
    case .floats: "F32"
    case .doubles: "F64"
    case .integers: "I32"
    }
  }

  fileprivate var byteCount: Int { values.count * (doubles != nil ? 8 : 4) }

  // Memory is copied as it is: every platform Swift supports on Linux is little-endian, as the format asks.
  fileprivate func append(to data: inout Data) {
    switch values {
    case .floats(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
    case .doubles(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
    case .integers(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
  }

  fileprivate init?(name: String, entry: TensorFile.Entry, bytes: Data) {
    var count = 1
    for size in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    switch entry.dtype {
    case "F32" where bytes.count % 4 == 0 && bytes.count / 4 == count:
      self.init(name: name, shape: entry.shape, floats: Self.copy(bytes, of: Float.self, count: count))
    case "F64" where bytes.count % 8 == 0 && bytes.count / 8 == count:
      self.init(name: name, shape: entry.shape, doubles: Self.copy(bytes, of: Double.self, count: count))
    case "I32" where bytes.count % 4 == 0 && bytes.count / 4 == count:
      self.init(name: name, shape: entry.shape, integers: Self.copy(bytes, of: Int32.self, count: count))
    default:
      return nil
    }
  }

  private static func copy<Element: BitwiseCopyable>(_ bytes: Data, of: Element.Type, count: Int) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      filled = count
    }
  }
}

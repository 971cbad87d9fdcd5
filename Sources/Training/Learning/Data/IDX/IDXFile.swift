/// An IDX file of unsigned bytes (format: the MNIST page of LeCun, Cortes and Burges): two zero bytes, the element type
/// 0x08, the number of dimensions, each dimension as a big-endian 32-bit number, then the elements, last index fastest.
package struct IDXFile {
  /// Sizes of the dimensions; the first counts the items.
  package let shape: [Int]
  /// The elements, `shape`'s product of them.
  package let elements: ByteBuffer

  /// Number of items.
  package var count: Int { shape.first ?? 0 }
  /// Elements of one item.
  package var itemSize: Int { shape.dropFirst().reduce(1, *) }

  /// No file may claim more than this: a header is 16 bytes and easily lies.
  static let maximumElements = 1 << 32

  /// Reads the file at `path`, gzipped or not (told by its first bytes, not by its name).
  /// - Throws: `fileUnreadable`, `fileTooLarge`, or `badIDX` saying what is wrong with header or length.
  package static func read(_ path: String) throws(LearningError) -> IDXFile {
    try decode(try FileReader.read(path, limit: GzipReader.maximumBytes), path: path)
  }

  /// Reads an IDX file from memory; `path` is only for messages.
  package static func decode(_ buffer: ByteBuffer, path: String) throws(LearningError) -> IDXFile {
    guard GzipReader.looksLikeGzip(buffer) else {
      var offset = 0
      return try decode(path: path) { target, count throws(LearningError) in
        let available = min(count, buffer.count - offset)
        target.update(from: buffer.base + offset, count: available)
        offset += available
        return available
      }
    }
    return try GzipReader.withReader(buffer, path: path) { reader throws(LearningError) in
      try decode(path: path) { target, count throws(LearningError) in try reader.read(into: target, count: count) }
    }
  }

  /// Fills up to so many bytes and returns how many there were.
  typealias Read = (UnsafeMutablePointer<UInt8>, Int) throws(LearningError) -> Int

  private static func decode(path: String, _ read: Read) throws(LearningError) -> IDXFile {
    let shape = try shape(path: path, read)
    return IDXFile(shape: shape, elements: try body(shape.reduce(1, *), path: path, read))
  }

  /// Reads the header: the sizes of the dimensions, of which the product is at most `maximumElements`.
  /// - Throws: `badIDX`, and what `read` throws.
  static func shape(path: String, _ read: Read) throws(LearningError) -> [Int] {
    let head = ByteBuffer(count: 4)
    guard try read(head.base, 4) == 4 else { throw .badIDX(path: path, detail: "it is shorter than its header") }
    guard head.base[0] == 0, head.base[1] == 0 else {
      throw .badIDX(path: path, detail: "it does not start with two zero bytes")
    }
    guard head.base[2] == 0x08 else {
      throw .badIDX(path: path, detail: "its element type is \(head.base[2]); only unsigned bytes (8) are read")
    }
    let dimensions = Int(head.base[3])
    guard (1...4).contains(dimensions) else {
      throw .badIDX(path: path, detail: "it has \(dimensions) dimensions; 1 to 4 are read")
    }
    let sizes = ByteBuffer(count: 4 * dimensions)
    guard try read(sizes.base, sizes.count) == sizes.count else {
      throw .badIDX(path: path, detail: "it is shorter than its header")
    }
    var shape: [Int] = []
    var total = 1
    // The size of one item must make sense even where there are no items.
    var itemSize = 1
    for index in 0..<dimensions {
      let size = (0..<4).reduce(0) { $0 << 8 | Int(sizes.base[4 * index + $1]) }
      if index > 0 { itemSize = itemSize.multipliedReportingOverflow(by: size).partialValue }
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= maximumElements, (0...maximumElements).contains(itemSize) else {
        throw .badIDX(path: path, detail: "its header claims more than \(maximumElements) elements")
      }
      total = product
      shape.append(size)
    }
    return shape
  }

  /// Reads `total` elements in pieces, so that a lying header costs no more memory than the file has data.
  private static func body(_ total: Int, path: String, _ read: Read) throws(LearningError) -> ByteBuffer {
    var pieces: [(ByteBuffer, Int)] = []
    var filled = 0
    while filled < total {
      let piece = ByteBuffer(count: min(total - filled, 64 << 20))
      let count = try read(piece.base, piece.count)
      filled += count
      pieces.append((piece, count))
      guard count == piece.count else {
        throw .badIDX(path: path, detail: "its header claims \(total) elements; there are \(filled)")
      }
    }
    let extra = ByteBuffer(count: 1)
    guard try read(extra.base, 1) == 0 else {
      throw .badIDX(path: path, detail: "there is data after the \(total) elements its header claims")
    }
    if pieces.count == 1 { return pieces[0].0 }
    let whole = ByteBuffer(count: total)
    var offset = 0
    for (piece, count) in pieces {
      (whole.base + offset).update(from: piece.base, count: count)
      offset += count
    }
    return whole
  }
}

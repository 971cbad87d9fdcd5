import CZlib

#if canImport(Glibc)
  import Glibc
#endif

/// Shape and statistics of IDX files, read in pieces: memory does not grow with the files.
package struct ImageSummary: Sendable, Hashable {
  /// One for the pixels of all images of a shape, one for all labels.
  package var columns: [ColumnSummary]
  /// Images; labels where there are no images.
  package var rows: Int
  /// What training would refuse, a sentence each.
  package var warnings: [String]

  /// - Parameters:
  ///   - paths: IDX files, gzipped or not.
  ///   - progress: told the elements that are read; it may throw to end the reading.
  /// - Throws: `fileUnreadable`, `badIDX`.
  package static func read(
    paths: [String], progress: (Int) throws(LearningError) -> Void = { _ throws(LearningError) in }
  ) throws(LearningError) -> ImageSummary {
    var names: [String] = []
    var counts: [String: [Int]] = [:]
    var images = 0
    var labels = 0
    for path in paths.sorted() {
      let file = try PossiblyCompressedFile(path)
      let shape = try IDXFile.shape(path: path) { target, count throws(LearningError) in
        try file.read(into: target, count: count)
      }
      let name = shape.count == 1 ? "label" : "image \(shape.dropFirst().map(String.init).joined(separator: "x"))"
      if shape.count == 1 { labels += shape[0] } else { images += shape[0] }
      if counts[name] == nil { names.append(name) }
      try file.count(shape.reduce(1, *), into: &counts[name, default: [Int](repeating: 0, count: 256)], progress)
    }
    var warnings: [String] = []
    if images > 0, labels > 0, images != labels { warnings.append("there are \(labels) labels for \(images) images") }
    return ImageSummary(
      columns: names.sorted().map { column(named: $0, counts: counts[$0] ?? []) }, rows: images > 0 ? images : labels,
      warnings: warnings)
  }

  private static func column(named name: String, counts: [Int]) -> ColumnSummary {
    var statistics = RunningStatistics()
    for (value, count) in counts.enumerated() { statistics.add(Double(value), times: count) }
    return ColumnSummary(
      name: name, kind: .number, missing: 0, distinct: counts.count { $0 > 0 }, statistics: statistics)
  }
}

/// A file read from its start to its end, as it is or, where it is gzipped, what is in it. zlib tells by the first bytes.
private final class PossiblyCompressedFile {
  private let handle: gzFile
  private let path: String
  private static let pieceSize = 1 << 18

  init(_ path: String) throws(LearningError) {
    // For the system's reason: zlib has none.
    let (descriptor, _) = try FileReader.open(path)
    guard let handle = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .badIDX(path: path, detail: "zlib could not be started")
    }
    self.handle = handle
    self.path = path
  }

  deinit { gzclose(handle) }

  /// Fills up to `count` bytes and returns how many there were before the end of the file.
  func read(into target: UnsafeMutablePointer<UInt8>, count: Int) throws(LearningError) -> Int {
    var filled = 0
    while filled < count {
      let taken = gzread(handle, target + filled, UInt32(min(count - filled, 1 << 30)))
      guard taken >= 0 else { throw .badIDX(path: path, detail: "the gzip data is damaged") }
      if taken == 0 { break }
      filled += Int(taken)
    }
    return filled
  }

  /// Counts the values of the `total` bytes that follow.
  func count(
    _ total: Int, into counts: inout [Int], _ progress: (Int) throws(LearningError) -> Void
  ) throws(LearningError) {
    let piece = ByteBuffer(count: Self.pieceSize)
    var left = total
    while left > 0 {
      let taken = try read(into: piece.base, count: min(left, piece.count))
      guard taken > 0 else {
        throw .badIDX(path: path, detail: "its header claims \(total) elements; there are \(total - left)")
      }
      for place in 0..<taken { counts[Int(piece.base[place])] += 1 }
      left -= taken
      try progress(taken)
    }
  }
}

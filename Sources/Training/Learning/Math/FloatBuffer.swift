/// A fixed block of 32-bit floats, aligned to a cache line so that vector loads never straddle two.
///
/// Owned by one training session or model evaluation at a time; not thread-safe, hence not Sendable.
package final class FloatBuffer {
  /// Number of floats.
  package let count: Int
  /// The first float. Valid as long as the buffer lives.
  package let base: UnsafeMutablePointer<Float>

  /// `count` zeros.
  package init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }

  /// A copy of `values`.
  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    assign(values)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// A copy as an array.
  package var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Overwrites the first `values.count` floats; `values` must not be longer than the buffer.
  package func assign(_ values: [Float]) {
    precondition(values.count <= count, "more values than the buffer holds")
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { base.update(from: start, count: source.count) }
    }
  }

  /// Sets every float to zero.
  package func clear() { base.update(repeating: 0, count: count) }
}

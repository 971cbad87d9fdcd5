import CProcess

/// How a process that does nothing but transfer data sets uses its heap.
package enum TransferHeap {
  /// To be called before there are threads: one heap for all of them, which keeps the buffers that are freed for the next ones. A
  /// heap for each thread takes half as much memory again, and buffers that come from the system one by one are
  /// filled with zeros by it each time, which takes longer than to hash what is put there.
  package static func prepare() { cprocess_share_heap(32 << 20) }
}

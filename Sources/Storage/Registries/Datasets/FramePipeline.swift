/// Makes frames of a file: while one is read and hashed and earlier ones are sent, others are compressed. No more than
/// `width` frames are in memory, compressed or not, besides the one that is sent.
struct FramePipeline: Sendable {
  let codec: FrameCodec
  let frameSize: Int
  let width: Int

  /// Reads the file at `path` and hands its frames to `send`, in order and one at a time.
  /// - Parameters:
  ///   - name: what the file is called in the data set.
  ///   - meter: told the bytes of each frame that was sent.
  /// - Throws: `io` where the file cannot be read, `tooLarge` where it has more frames than an index holds, and what `send` throws.
  func run(
    _ path: String, name: String, _ meter: TransferMeter,
    send: @Sendable ([UInt8]) async throws(RegistryError) -> Void
  ) async throws(RegistryError) -> (file: StoredFile, index: FrameIndex) {
    let outcome: Result<(file: StoredFile, index: FrameIndex), RegistryError> = await withTaskGroup(
      of: (Int, StoredFrame).self
    ) { group in
      do throws(RegistryError) {
        var source = try FrameSource(path, frameSize: frameSize)
        var index = FrameIndex.Builder(frameSize: frameSize)
        var ready: [Int: StoredFrame] = [:]
        var begun = 0
        var sent = 0
        var isRead = false
        while true {
          while !isRead, begun - sent < width {
            guard let raw = try source.next() else {
              isRead = true
              break
            }
            let number = begun
            group.addTask { [codec] in (number, raw.withUnsafeBytes { codec.compress($0) }) }
            begun += 1
          }
          guard sent < begun, let (number, frame) = await group.next() else { break }
          if Task.isCancelled { throw .cancelled }
          ready[number] = frame
          while let frame = ready.removeValue(forKey: sent) {
            try index.append(frame)
            try await send(frame.bytes)
            sent += 1
            meter.add(frame.rawSize)
          }
        }
        return .success((source.finish(name: name), index.finish()))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

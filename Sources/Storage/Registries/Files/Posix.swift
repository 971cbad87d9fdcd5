import Basics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few calls that durable writing needs, with typed errors.
enum Posix {
  static func failure(_ operation: String, _ path: String, _ code: Int32 = errno) -> RegistryError {
    let failure = SystemFailure(code)
    return .io(
      operation: operation, path: path, detail: failure.description, retryable: failure.isWorthAnotherAttempt)
  }

  /// Opens a file; the descriptor is closed on exec.
  static func open(_ path: String, _ flags: Int32, operation: String) throws(RegistryError) -> Int32 {
    while true {
      #if canImport(Glibc)
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o640)
      #elseif canImport(Musl)
        let descriptor = Musl.open(path, flags | O_CLOEXEC, 0o640)
      #else
        let descriptor = Darwin.open(path, flags | O_CLOEXEC, 0o640)
      #endif
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw failure(operation, path) }
    }
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(RegistryError) {
    guard var next = bytes.baseAddress else { return }
    var left = bytes.count
    while left > 0 {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, next, left)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, next, left)
      #else
        let count = Darwin.write(descriptor, next, left)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write", path)
      }
      next += count
      left -= count
    }
  }

  static func sync(_ descriptor: Int32, _ path: String) throws(RegistryError) {
    guard fsync(descriptor) == 0 else { throw failure("sync", path) }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// All names in a directory, sorted; none where it does not exist.
  static func names(in directory: String) throws(RegistryError) -> [String] {
    guard let handle = opendir(directory) else {
      if errno == ENOENT { return [] }
      throw failure("list", directory)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

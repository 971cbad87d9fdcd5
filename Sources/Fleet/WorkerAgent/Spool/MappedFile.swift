import Registries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is read as if it were memory: the system brings in what is looked at and takes it away again, so that a
/// model that waits on disk costs no memory. The file may be removed meanwhile, but must not be shortened.
///
/// Unchecked: the memory is only read, by anybody, from init to deinit.
final class MappedFile: @unchecked Sendable {
  let path: String
  private let base: UnsafeMutableRawPointer?
  private let size: Int

  init(_ path: String) throws(RegistryError) {
    self.path = path
    #if canImport(Glibc)
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #elseif canImport(Musl)
      let descriptor = Musl.open(path, O_RDONLY | O_CLOEXEC)
    #else
      let descriptor = Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #endif
    guard descriptor >= 0 else { throw Self.failure("read", path) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Self.failure("read", path) }
    size = Int(info.st_size)
    guard size > 0 else {
      base = nil
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw Self.failure("map", path) }
    base = address
  }

  deinit { if let base { munmap(base, size) } }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: size) }

  /// A part of the file, which stays mapped as long as the result lives.
  func data(_ range: Range<Int>) -> Data {
    guard let base, !range.isEmpty else { return Data() }
    return Data(
      bytesNoCopy: base + range.lowerBound, count: range.count,
      deallocator: .custom { _, _ in withExtendedLifetime(self) {} })
  }

  private static func failure(_ operation: String, _ path: String) -> RegistryError {
    .io(operation: operation, path: path, detail: String(cString: strerror(errno)), retryable: true)
  }
}

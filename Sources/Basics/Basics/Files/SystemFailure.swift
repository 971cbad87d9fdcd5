#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A call of the system's that failed, by its error number.
public struct SystemFailure: Sendable, Hashable, CustomStringConvertible {
  public let code: Int32

  /// The failure of the call that was made just now.
  public static var last: SystemFailure { SystemFailure(errno) }
  public init(_ code: Int32) { self.code = code }

  /// The system's words for it.
  public var description: String { String(cString: strerror(code)) }

  /// Whether the same call may succeed later: what waiting, room or an operator can mend, a missing right or a file in the way, is worth
  /// another attempt; what the caller asked wrongly is not.
  public var isWorthAnotherAttempt: Bool { ![ENAMETOOLONG, EISDIR, ELOOP, EINVAL].contains(code) }
}

import CCrypto

/// SHA-256 (FIPS 180-4) by OpenSSL, which uses the CPU's own instructions where it has them.
public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      // Only without memory, or with an OpenSSL that has SHA-256 taken out.
      fatalError("OpenSSL has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The digest, in lower-case hexadecimal, of what there was up to now; more may follow.
  public func current() -> String {
    let copy = SHA256()
    _ = EVP_MD_CTX_copy_ex(copy.context, context)
    return copy.hex()
  }

  /// The digest in lower-case hexadecimal.
  public consuming func hex() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The digest's 32 bytes.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
      _ = EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, EVP_sha256(), nil)
      count = 32
    }
  }

  /// The digest of `bytes` in lower-case hexadecimal.
  public static func hex(of bytes: some Collection<UInt8>) -> String {
    var hash = SHA256()
    if bytes.withContiguousStorageIfAvailable({ hash.update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { hash.update($0) }
    }
    return hash.hex()
  }
}

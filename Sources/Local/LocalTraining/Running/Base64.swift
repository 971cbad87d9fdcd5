#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Base64 of text, as secrets keep it.
enum Base64 {
  static func encode(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}

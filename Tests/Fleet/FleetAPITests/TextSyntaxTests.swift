import Basics
import Testing

@testable import FleetAPI

/// The validator's syntax in code against the regular expressions that the schema gives to the API server.
@Suite struct TextSyntaxTests {
  @Test(arguments: TextSyntax.allCases)
  func agreesWithItsPattern(_ syntax: TextSyntax) throws {
    let expression = try Regex(syntax.pattern)
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let alphabet = Array("aZ0.._-/eEi+mKk1")
    var accepted = 0
    for round in 0..<4_000 {
      // Short texts of all kinds, and now and then one about as long as a checksum.
      let (length, letters) =
        round % 8 == 0
        ? (Int.random(in: 63...65, using: &random), Array("09aF"))
        : (
          Int.random(in: 0...7, using: &random), alphabet
        )
      let text = String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
      let expected = text.wholeMatch(of: expression) != nil
      accepted += expected ? 1 : 0
      #expect(syntax.accepts(text) == expected, "\(syntax) \"\(text)\", seed \(seed)")
    }
    #expect(accepted > 0, "no text was accepted, seed \(seed)")
  }

  @Test(arguments: [
    (TextSyntax.objectName, "my-pool.v2", true), (.objectName, "My", false), (.objectName, "a..b", false),
    (.sha256, String(repeating: "aF", count: 32), true), (.sha256, String(repeating: "g", count: 64), false),
    (.share, "0.2", true), (.share, "0", true), (.share, "0.0", true), (.share, "1.5", false),
    (.quantity, "1e3", true), (.quantity, "1.5Gi", true), (.quantity, "Gi", false), (.quantity, "1 Gi", false),
    (.labelKey, "topology.kubernetes.io/zone", true), (.labelKey, "a/b/c", false),
    (.registryName, "iris_v1.2", true), (.registryName, "../iris", false), (.environmentName, "_A1", true),
  ])
  func examples(syntax: TextSyntax, text: String, isValid: Bool) {
    #expect(syntax.accepts(text) == isValid)
  }
}

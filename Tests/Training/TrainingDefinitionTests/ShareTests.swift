import Foundation
import Testing

@testable import TrainingDefinition

@Suite struct ShareTests {
  @Test(
    arguments: [
      ("0", 0.0), ("0.0", 0), (".5", 0.5), ("0.25", 0.25), ("0.99999", 0.99999), ("1", nil), ("1.0", nil),
      ("-0.1", nil),
      ("", nil), ("0.", nil), (".", nil), ("a fifth", nil), ("nan", nil), ("1e-1", nil), ("0.1 ", nil),
      ("0." + String(repeating: "1", count: 31), nil),
    ] as [(String, Double?)])
  func `a decimal from 0 to below 1 is a share and nothing else is`(text: String, value: Double?) throws {
    #expect(Share(text).value == value)
    let expression = try Regex(Share.pattern)
    // The length is the schema's business.
    #expect((text.wholeMatch(of: expression) != nil) == (value != nil) || text.count > 32)
  }

  @Test func `shares are equal where they mean the same, and texts that are none only where they are the same`() {
    #expect(Share("0.2") == Share(".20") && Share("0.2") == Share(0.2) && Set<Share>(["0", "0.0", "0.5"]).count == 2)
    #expect(Share("1") == Share("1") && Share("1") != Share("1.0") && Share("x") != Share("0"))
  }

  @Test func `a share is written as it was read, and equal however it was`() throws {
    for text in [#"["0.2"]"#, "[0.2]"] {
      let shares = try JSONDecoder().decode([Share].self, from: Data(text.utf8))
      #expect(shares == ["0.2"])
      #expect(String(decoding: try JSONEncoder().encode(shares), as: UTF8.self) == text)
    }
  }
}

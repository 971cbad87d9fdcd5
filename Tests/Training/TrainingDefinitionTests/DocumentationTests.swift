import Foundation
import TestSupport
import Testing

@testable import TrainingDefinition

/// What the README says of the algorithms is so.
@Suite struct DocumentationTests {
  @Test func `the README has a row for every algorithm, and its defaults are those of the definition`() throws {
    let text = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    for algorithm in Algorithm.allCases {
      let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| \(algorithm.rawValue) |") })
      for match in row.matches(of: /`(\w+)`=([\w.-]+)/) {
        let spec = try algorithm.hyperparameter(String(match.1))
        let said = String(match.2)
        #expect(try spec.parse(said) == spec.parse(spec.defaultValue), "\(algorithm.rawValue): \(match.0)")
      }
    }
  }
}

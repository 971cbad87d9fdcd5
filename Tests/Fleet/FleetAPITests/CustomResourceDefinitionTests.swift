import Basics
import KubeTypes
import Testing

@testable import FleetAPI

@Suite struct CustomResourceDefinitionTests {
  private func contains(_ key: String, in value: JSONValue) -> Bool {
    switch value {
    case .object(let members): members[key] != nil || members.values.contains { contains(key, in: $0) }
    case .array(let items): items.contains { contains(key, in: $0) }
    default: false
    }
  }

  @Test func rulesAreLeftOutForServersThatDoNotKnowThem() {
    #expect(CustomResourceDefinitions.all(cel: true).allSatisfy { contains("x-kubernetes-validations", in: $0) })
    #expect(!CustomResourceDefinitions.all(cel: false).contains { contains("x-kubernetes-validations", in: $0) })
  }

  @Test func columnsOfJobsAreThoseThatUsersKnow() throws {
    let job = try #require(CustomResourceDefinitions.all(cel: true).first)
    let version = try #require(job[path: ["spec", "versions"]]?.arrayValue?.first)
    let columns = try #require(version["additionalPrinterColumns"]?.arrayValue)
    let narrow = columns.filter { $0["priority"] == nil }.compactMap { $0["name"]?.stringValue?.uppercased() }
    #expect(narrow == ["STATUS", "PROGRESS", "EPOCH", "LOSS", "ACCURACY", "WORKERS", "AGE"])
  }

  private static let forms: [(JSONValue, String)] = [
    ("plain text", "plain text\n"), ("", "''\n"), ("true", "'true'\n"), ("No", "'No'\n"), ("12", "'12'\n"),
    ("it's: #1", "'it''s: #1'\n"), ("a\nb", "\"a\\nb\"\n"), ([], "[]\n"), (nil, "null\n"),
    (
      ["b": [["size": 1, "name": "first"], 2], "a": [:], "kind": "K"],
      "kind: K\na: {}\nb:\n- name: first\n  size: 1\n- 2\n"
    ),
  ]

  @Test(arguments: forms)
  func yamlHasOneFormForEachValue(value: JSONValue, text: String) {
    #expect(YAMLWriter.document(value) == text)
  }

  @Test func longTextsAreFoldedAndLoseNothing() {
    let text = (1...60).map { "word\($0)" }.joined(separator: " ")
    let lines = YAMLWriter.document(["description": .string(text)]).split(separator: "\n")
    #expect(lines.first == "description: >-")
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.dropFirst().map { String($0.dropFirst(2)) }.joined(separator: " ") == text)
  }
}

import Foundation
import TestSupport
import Testing

@testable import TrainingDefinition

@Suite struct MetricNameTests {
  /// Keys of JSON must be literals where Swift writes the coding; they are the enum cases that this passes over.
  @Test func `no source but one spells a metric's name`() throws {
    let sources = Repository.root.appending(path: "Sources")
    let names = MetricName.ofModels.filter { $0.contains("_") }.map { "\"\($0)\"" }
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var looked = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      looked += 1
      guard file.lastPathComponent != "MetricName.swift" else { continue }
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let text = line.trimmingCharacters(in: .whitespaces)
        guard !text.hasPrefix("case "), !text.hasPrefix("//") else { continue }
        for name in names where text.contains(name) { Issue.record("\(file.lastPathComponent): \(text)") }
      }
    }
    #expect(looked > 300)
  }
}

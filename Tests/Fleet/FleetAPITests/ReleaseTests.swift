import FleetAPI
import Foundation
import TestSupport
import Testing

@Suite struct ReleaseTests {
  /// A release changes it in one place.
  @Test func theVersionStandsInOneFile() throws {
    let sources = Repository.root.appending(path: "Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
    let holders = try files.filter { $0.pathExtension == "swift" }
      .filter { try String(contentsOf: $0, encoding: .utf8).contains(Fleet.release) }
    #expect(holders.map(\.lastPathComponent) == ["Names.swift"])
  }
}

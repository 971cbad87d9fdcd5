import Basics
import Foundation
import Registries
import Testing

@testable import FleetCommands
@testable import RegistryCLI

@Suite struct CompletionTests {
  private func console(_ bench: Bench, open: (@Sendable (String) throws -> any Registry)? = nil) -> Console {
    let location = bench.registry.location
    var console = Console(
      results: { _ in }, complaints: { Issue.record("completion says \($0)") },
      environment: ["TENSORFLEET_REGISTRY": location])
    if let open { console.open = open }
    return console
  }

  @Test func namesComeFromTheRegistry() async throws {
    let bench = try Bench()
    try await bench.model("iris", tags: ["best"])
    try await bench.model("digits")
    let outcome = await bench.run(
      "---completion", "models", "show", "--", "positional@0", "3", "2", "tensorfleet", "models", "show", "ir")
    #expect(outcome.code == 0 && outcome.complaints.contains("iris\niris@v1\niris@best"), "\(outcome)")
    #expect(!outcome.complaints.contains("digits"))
  }

  @Test func anErrorIsNoNames() async throws {
    let bench = try Bench()
    let console = console(bench) { _ in throw RegistryError.unavailable(detail: "gone") }
    #expect(await NameCompletion.candidates(words: [], prefix: "", console: console) { _ in ["a"] } == [])
    let nowhere = await NameCompletion.candidates(
      words: ["tensorfleet", "--registry", bench.path("nowhere")], prefix: "", console: self.console(bench)
    ) { _ in ["a"] }
    #expect(nowhere == [])
    #expect(
      await NameCompletion.candidates(words: [], prefix: "a", console: self.console(bench)) { _ in ["a1", "b"] } == [
        "a1"
      ])
  }

  @Test func nobodyWaitsForARegistryThatDoesNotAnswer() async throws {
    let bench = try Bench()
    let start = ContinuousClock.now
    let names = await NameCompletion.candidates(
      words: [], prefix: "", console: console(bench), patience: .milliseconds(50)
    ) { _ in
      try await Task.sleep(for: .seconds(60))
      return ["late"]
    }
    #expect(names == [] && ContinuousClock.now - start < .seconds(20))
  }

  @Test(arguments: CompletionCommand.Shell.allCases) func scriptsKnowTheCommands(shell: CompletionCommand.Shell) {
    let script = CompletionCommand.script(for: shell)
    for word in ["datasets", "compare", "--sort-by"] where shell != .fish || word != "--sort-by" {
      #expect(script.contains(word), "\(shell) \(word)")
    }
  }
}

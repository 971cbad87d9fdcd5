import FleetAPI
import Foundation
import KubeTypes
import Testing

extension FleetIntegrationTests {
  /// Bad input of every kind: a clear message in the condition and in an event, and nobody else harmed.
  @Suite(.serialized) struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var file: String?
      var algorithm = "LogisticRegression"
      var dataset = "{uri: FILE, targetColumn: label}"
      var rest = ""
      /// What the condition's message has to contain.
      var message: [String]
    }

    static let cases = [
      Case(
        testDescription: "unknown hyperparameter", file: "a,label\n1,x\n2,y\n3,x\n4,y\n5,x\n",
        rest: "hyperparameters: [{name: lerning_rate, value: '1'}]",
        message: ["UnknownHyperparameter", "lerning_rate", "max_iter"]),
      Case(
        testDescription: "hyperparameter out of range", file: "a,label\n1,x\n2,y\n3,x\n4,y\n5,x\n",
        rest: "hyperparameters: [{name: C, value: '-1'}]", message: ["InvalidHyperparameter", "C", "-1"]),
      Case(
        testDescription: "missing target column", file: "a,b\n1,2\n3,4\n",
        message: ["TargetColumnMissing", "label", "a", "b"]),
      Case(
        testDescription: "unreadable file", dataset: "{uri: no-such.csv, targetColumn: label}", rest: "backoffLimit: 0",
        message: ["FileUnreadable", "no-such.csv"]),
      Case(testDescription: "ragged line", file: "a,label\n1,x\n2\n3,y\n", message: ["RaggedLine", "line 3"]),
      Case(
        testDescription: "text where a number must be",
        file: "a,label\n" + (0..<40).map { "\($0),\($0 % 2 == 0 ? "x" : "y")\n" }.joined() + "oops,x\n",
        message: ["NotANumber", "a", "oops", "42"]),
      Case(testDescription: "one class", file: "a,label\n1,x\n2,x\n3,x\n4,x\n5,x\n", message: ["SingleClass", "x"]),
      Case(testDescription: "zero rows", file: "a,label\n", message: ["EmptyDataset"]),
    ]

    @Test func eachIsSaidInConditionAndEventAndTheNextJobRuns() async throws {
      let space = try await TestNamespace(workers: 1)
      let folder = await Installation.shared.dataFolder
      for (index, example) in Self.cases.enumerated() {
        let name = "bad-\(index)"
        let file = "\(space.name)-\(index).csv"
        if let content = example.file { try Data(content.utf8).write(to: folder.appending(path: file)) }
        try await space.apply(
          TestNamespace.manifest(
            name, algorithm: example.algorithm,
            dataset: example.dataset.replacingOccurrences(of: "FILE", with: file), rest: example.rest))
      }
      for (index, example) in Self.cases.enumerated() {
        let name = "bad-\(index)"
        #expect(try await eventually { try await space.job(name).hasFailed }, "\(example.testDescription)")
        let message = try await space.job(name).status?.conditions[type: "Succeeded"]?.message ?? ""
        for part in example.message { #expect(message.contains(part), "\(example.testDescription): \(message)") }
        let events = try await space.events(of: name)
        #expect(
          events.contains { $0.reason == "Failed" && $0.message?.contains(example.message[0]) == true },
          "\(example.testDescription)")
      }
      try await space.apply(TestNamespace.manifest("good"))
      try await space.waitForSuccess("good")
      #expect(try await space.pods().count == 1, "the worker lives through all of it")
      try await space.remove()
    }

    @Test func theServerRefusesWhatTheSchemaForbids() async throws {
      let space = try await TestNamespace(workers: 0)
      func refusal(_ manifest: String) async throws -> String {
        let result = try await space.cluster.kubectl("-n", space.name, "apply", "-f", "-", input: manifest)
        #expect(result.status != 0)
        return result.error
      }
      let epochs = try await refusal(TestNamespace.manifest("job", rest: "epochs: 0"))
      #expect(epochs.contains("spec.epochs") && epochs.contains("greater than or equal to 1"), "\(epochs)")
      let algorithm = try await refusal(TestNamespace.manifest("job", algorithm: "Guess"))
      #expect(algorithm.contains("spec.algorithm") && algorithm.contains("LogisticRegression"), "\(algorithm)")
      try await space.remove()
    }

    @Test func aServerWithoutTheseRulesLeavesThemToTheOperator() async throws {
      // What only CEL could forbid, a 1.20 server lets in: the operator says it.
      let space = try await TestNamespace(workers: 1)
      try await space.apply(TestNamespace.manifest("both", dataset: "{uri: a.csv, name: b, targetColumn: c}"))
      try await space.apply(TestNamespace.manifest("crossed", rest: "workers: {min: 3, max: 2}"))
      for (name, field) in [("both", "spec.dataset: Forbidden"), ("crossed", "spec.workers.min: Invalid value: 3")] {
        #expect(try await eventually { try await space.job(name).hasFailed })
        let message = try await space.job(name).status?.conditions[type: "Succeeded"]?.message ?? ""
        #expect(message.hasPrefix("InvalidSpec: \(field)"), "\(message)")
      }
      try await space.remove()
    }

    @Test func aJobWhosePoolDoesNotExistWaitsAndSaysSo() async throws {
      let space = try await TestNamespace(workers: 0)
      try await space.apply(TestNamespace.manifest("early"))
      #expect(try await eventually { try await space.job("early").state == "Queued" })
      let admitted = try await space.job("early").status?.conditions[type: "Admitted"]
      #expect(admitted?.reason == "WorkerPoolNotFound")
      #expect(admitted?.message.contains("\"pool\" does not exist") == true)
      #expect(
        try await eventually { try await space.events(of: "early").contains { $0.reason == "WorkerPoolNotFound" } })
      try await space.createPool(workers: 1)
      try await space.waitForSuccess("early")
      try await space.remove()
    }
  }
}

import CommandLineKit
import Registries

extension Registry {
  /// The run that a text means: a run's id, a job's name or `namespace/job` (its newest run), or the first characters of an id.
  /// - Throws: `RegistryFailure`, `RegistryError`.
  func findRun(_ text: String) async throws -> RunRecord {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }), !parts.isEmpty else {
      throw RegistryFailure("\"\(text)\" names no run", exitCode: ExitStatus.usage)
    }
    if parts.count == 2 {
      if let run = try await newestRun(job: parts[1], namespace: parts[0]) { return run }
    } else {
      let exact = try await Lookup.ifPresent { () async throws(RegistryError) in try await run(text) }
      if let exact { return exact }
      if let run = try await newestRun(job: text, namespace: nil) { return run }
    }
    let runs = try await listRuns()
    if parts.count == 1 {
      let found = runs.filter { $0.id.hasPrefix(text) }
      // A search's trials begin with the id of their job.
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw RegistryFailure("\(found.count) runs begin with \"\(text)\": \(found.map(\.id).listed)")
      }
    }
    let jobs = Array(Set(runs.map { parts.count == 2 ? "\($0.namespace)/\($0.job)" : $0.job })).sorted()
    throw RegistryFailure(RegistryFailure.notFound(kind: "run", name: text, known: jobs))
  }

  private func newestRun(job: String, namespace: String?) async throws -> RunRecord? {
    try await listRuns(RunQuery(job: job, namespace: namespace, slice: Slice(limit: 1))).items.first
  }
}

import ArgumentParser
import Basics
import Foundation
import Registries

/// Names from the registry for a shell's Tab key.
///
/// Whoever presses it waits: after a second there are no names, and an error shows as no names either.
enum NameCompletion {
  static var datasets: CompletionKind { names { try await $0.listDatasets().map(\.name) } }

  /// Names and versions: `iris`, `iris@v2`, `iris@production`.
  static var models: CompletionKind {
    names { registry in
      let models = try await registry.listModels()
      let names = Set(models.map(\.info.name)).sorted()
      return names + models.flatMap { model in ([model.version] + model.tags).map { "\(model.info.name)@\($0)" } }
    }
  }

  /// Names of jobs, then ids of runs.
  static var runs: CompletionKind {
    names { registry in
      let runs = try await registry.listRuns()
      return Set(runs.map(\.job)).sorted() + runs.map(\.id)
    }
  }

  private static func names(
    _ read: @escaping @Sendable (any Registry) async throws -> [String]
  ) -> CompletionKind {
    .custom { words, _, prefix in await candidates(words: words, prefix: prefix, console: .current, read) }
  }

  /// - Parameters:
  ///   - words: the command line so far.
  ///   - prefix: what stands before the cursor of the word that is completed.
  ///   - patience: how long whoever pressed the key waits.
  static func candidates(
    words: [String], prefix: String, console: Console, patience: Duration = .seconds(1),
    _ read: @escaping @Sendable (any Registry) async throws -> [String]
  ) async -> [String] {
    let (answers, answer) = AsyncStream.makeStream(of: [String].self, bufferingPolicy: .bufferingOldest(1))
    // Not a child of this task: what does not heed its cancellation is left behind, the process ends anyway.
    let asking = Task.detached {
      let (location, _) = RegistryLocation.resolve(option(in: words), environment: console.environment)
      guard !RegistryLocation.isMissingDirectory(location), let registry = try? console.open(location) else {
        _ = answer.yield([])
        return
      }
      answer.yield(((try? await read(registry)) ?? []).filter { $0.hasPrefix(prefix) })
    }
    let waiting = Task.detached {
      try? await Task.sleep(for: patience)
      answer.yield([])
    }
    defer {
      asking.cancel()
      waiting.cancel()
    }
    for await names in answers { return names }
    return []
  }

  /// What `--registry` is on the command line.
  private static func option(in words: [String]) -> String? {
    for (place, word) in words.enumerated() {
      if word == "--registry", place + 1 < words.count { return words[place + 1] }
      if word.hasPrefix("--registry=") { return String(word.dropFirst("--registry=".count)) }
    }
    return nil
  }
}

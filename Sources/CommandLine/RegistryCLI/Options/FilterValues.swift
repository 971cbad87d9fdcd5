import ArgumentParser
import CommandLineKit
import FleetAPI
import Registries
import TrainingDefinition

/// Values of filters, as the registry has them.
enum FilterValues {
  static var algorithms: CompletionKind { .list(Algorithm.words) }

  /// An algorithm in whatever case.
  static func algorithm(_ text: String?) throws(RegistryFailure) -> String? {
    guard let text else { return nil }
    return try canonical(text, "--algorithm", among: Algorithm.words)
  }

  /// What a run's record may say of its task.
  static let states = TaskState.allCases.map(\.rawValue)

  /// A state in whatever case.
  static func state(_ text: String?) throws(RegistryFailure) -> String? {
    guard let text else { return nil }
    return try canonical(text, "--state", among: states)
  }

  /// Conditions such as `accuracy>=0.95`.
  static func metrics(_ texts: [String]) throws(RegistryFailure) -> [MetricCondition] {
    var conditions: [MetricCondition] = []
    for text in texts {
      guard let condition = MetricCondition(text) else {
        throw RegistryFailure(
          "--metric is \"\(text)\"; it must be like 'accuracy>=0.95' or 'test_loss<0.1', in quotes: "
            + "a shell takes > for something else", exitCode: ExitStatus.usage)
      }
      conditions.append(condition)
    }
    return conditions
  }

  private static func canonical(
    _ text: String, _ option: String, among known: [String]
  ) throws(RegistryFailure) -> String {
    if let found = known.first(where: { $0.lowercased() == text.lowercased() }) { return found }
    throw RegistryFailure(
      "\(option) is \"\(text)\"\(Suggestion.text(for: text, among: known)); it must be \(known.joined(separator: ", "))",
      exitCode: ExitStatus.usage)
  }
}

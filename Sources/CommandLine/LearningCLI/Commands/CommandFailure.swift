import ArgumentParser
import CommandLineKit
import Foundation
import Learning
import TrainingDefinition

/// Why a command ends without a result, and the status it ends with.
struct CommandFailure: Error, Equatable {
  /// One line: what, which value, what would be right.
  let message: String
  let exitCode: Int32

  /// What was asked for is at fault.
  static func input(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 2) }
  /// The work itself went wrong.
  static func work(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 1) }

  init(message: String, exitCode: Int32) {
    self.message = message
    self.exitCode = exitCode
  }

  init(_ problem: TrainingProblem) { self.init(LearningError.request(problem)) }
  init(_ error: AtomicFile.Failure) { self = .input(error.message) }

  init(_ error: LearningError) {
    switch error {
    case .lossDiverged, .linearAlgebraUnavailable, .notExportable: self = .work(error.message)
    case .fileUnreadable(_, _, let retryable): self = retryable ? .work(error.message) : .input(error.message)
    case .request(.invalidRequest(let field, let value, let expected)):
      self = .input(LearningError.invalidRequest(field: Self.flag(field), value: value, expected: expected).message)
    case .targetColumnMissing(let name, let columns) where name.isEmpty:
      self = .input("--target is missing; the columns are \(columns.joined(separator: ", "))")
    default: self = .input(Self.inFlags(error.message))
    }
  }

  /// A message that speaks of fields of a job's spec, with their flags instead.
  static func inFlags(_ message: String) -> String {
    [
      ("set missingValues to", "set --missing-values to"), ("set stratified to true", "give --stratified"),
      ("smaller testFraction", "smaller --test-fraction"), ("choose another seed", "choose another --seed"),
      ("name it in dropColumns", "leave it out with --drop"),
    ].reduce(message) { $0.replacing($1.0, with: $1.1) }
  }

  /// Fields of a job's spec under the names of their flags.
  private static func flag(_ field: String) -> String {
    switch field {
    case "dataset.uri": "--data"
    case "dataset.testFraction": "--test-fraction"
    case "dataset.seed": "--seed"
    case "dataset.targetColumn": "--target"
    case _ where field.hasPrefix("dataset.dropColumns"): "--drop"
    case "epochs": "--epochs"
    case "batchSize": "--batch-size"
    case _ where field.hasPrefix("layers"): "--" + field
    default: field
    }
  }

  /// Runs `body`; a failure goes to standard error as one line, and its status becomes the process's.
  static func guarding(_ body: () async throws -> Void) async throws {
    let failure: CommandFailure
    do {
      return try await body()
    } catch let error as CommandFailure {
      failure = error
    } catch let error as LearningError {
      failure = CommandFailure(error)
    } catch let error as TrainingProblem {
      failure = CommandFailure(error)
    } catch let error as AtomicFile.Failure {
      failure = CommandFailure(error)
    }
    Terminal.complain("error: " + failure.message.replacing("\n", with: " "))
    throw ExitCode(failure.exitCode)
  }
}

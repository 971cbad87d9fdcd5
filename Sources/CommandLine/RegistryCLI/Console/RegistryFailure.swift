import ArgumentParser
import CommandLineKit
import Registries

/// Why a command ends without a result.
struct RegistryFailure: Error, Equatable {
  /// One line: what is wrong, and what to do next.
  var message: String
  /// The status that the process ends with.
  var exitCode: Int32

  init(_ message: String, exitCode: Int32 = ExitStatus.failed) {
    self.message = message
    self.exitCode = exitCode
  }

  init(_ error: RegistryError) {
    switch error {
    case .notFound(let kind, let name, let known):
      self.init(Self.notFound(kind: kind, name: name, known: known))
    case .damaged, .invalidContents, .tooLarge: self.init(error.message)
    case .invalidName: self.init(error.message, exitCode: ExitStatus.usage)
    case .cancelled: self.init("interrupted", exitCode: ExitStatus.interrupted)
    case .io, .unsupportedLocation, .invalidLocation, .unavailable, .denied, .newerSchema:
      self.init(error.message, exitCode: ExitStatus.unavailable)
    }
  }

  /// What does not exist, what may have been meant, and where to look.
  static func notFound(kind: String, name: String, known: [String]) -> String {
    let what = "there is no \(kind) \"\(name)\""
    // A version comes after its name and a space, and is known without it.
    let wanted = name.split(separator: " ").last.map(String.init) ?? name
    if let meant = Suggestion.best(for: wanted, among: known) { return "\(what); did you mean \"\(meant)\"?" }
    if !known.isEmpty, known.count <= 8 { return "\(what); there is \(known.joined(separator: ", "))" }
    return "\(what); \(list(kind)) shows what there is"
  }

  /// The command that lists such things.
  private static func list(_ kind: String) -> String {
    let subject = kind.hasPrefix("data set") ? "datasets" : kind.hasPrefix("run") ? "runs" : "models"
    return "'\(Invocation.name) \(subject) list'"
  }

  /// Runs `body`; a failure goes to standard error as one line, and its status becomes the process's.
  static func guarding(_ body: (Console) async throws -> Void) async throws {
    let console = Console.current
    let failure: RegistryFailure
    do {
      return try await body(console)
    } catch let error as RegistryFailure {
      failure = error
    } catch let error as RegistryError {
      failure = RegistryFailure(error)
    } catch let error as AtomicFile.Failure {
      failure = RegistryFailure(error.message)
    }
    console.complain("error: " + failure.message.replacing("\n", with: " "))
    throw ExitCode(failure.exitCode)
  }
}

/// How a command of the registry ends.
enum ExitStatus {
  /// There is no such thing, or it could not be done.
  static let failed: Int32 = 1
  /// The registry cannot be used just now.
  static let unavailable: Int32 = 2
  /// An option or a name is wrong (EX_USAGE of sysexits.h, which ArgumentParser uses too).
  static let usage: Int32 = 64
  /// 128 and the number of SIGINT, as shells have it.
  static let interrupted: Int32 = 130

  /// For the help of every command.
  static let help = """
    EXIT CODES
      0    done
      1    there is no such thing, or it could not be done
      2    the registry cannot be used; the message says what to check
      64   an option or a name is wrong
      130  interrupted by Ctrl-C
    """
}

import CommandLineKit
import Foundation
import Registries

/// What a command has around it. Commands reach the outside through it alone, so that tests can run them in their own process.
package struct Console: Sendable {
  /// Takes what was asked for.
  package var results: @Sendable (Data) -> Void
  /// Takes everything else: errors, progress, hints.
  package var complaints: @Sendable (String) -> Void
  package var environment: [String: String]
  /// How results are written.
  package var style: TextStyle
  /// How progress is written.
  package var complaintStyle: TextStyle
  /// Whether somebody watches ``complaints``: progress is drawn then.
  package var isWatched: Bool
  /// Columns and rows of a terminal that shows the results; 80 by 24 where there is none.
  package var size: @Sendable () -> (columns: Int, rows: Int)
  /// Puts a question and returns the answer; nil where nobody is there to answer.
  package var ask: (@Sendable (String) -> String?)?
  /// Signals that ask to end, as they come. Called where work begins that can be cut short.
  package var signals: @Sendable () -> AsyncStream<Int32>
  package var now: @Sendable () -> Date
  /// Opens the registry at a location.
  package var open: @Sendable (String) throws -> any Registry

  package init(
    results: @escaping @Sendable (Data) -> Void, complaints: @escaping @Sendable (String) -> Void,
    environment: [String: String] = [:], style: TextStyle = TextStyle(), complaintStyle: TextStyle = TextStyle(),
    isWatched: Bool = false, size: @escaping @Sendable () -> (columns: Int, rows: Int) = { (80, 24) },
    ask: (@Sendable (String) -> String?)? = nil,
    signals: @escaping @Sendable () -> AsyncStream<Int32> = { AsyncStream { _ in } },
    now: @escaping @Sendable () -> Date = { Date() },
    open: @escaping @Sendable (String) throws -> any Registry = { try openRegistry($0) }
  ) {
    self.results = results
    self.complaints = complaints
    self.environment = environment
    self.style = style
    self.complaintStyle = complaintStyle
    self.isWatched = isWatched
    self.size = size
    self.ask = ask
    self.signals = signals
    self.now = now
    self.open = open
  }

  /// The console of the command that runs; that of the process where no test has put another in its place.
  @TaskLocal package static var current = Console.process

  /// Standard output and standard error.
  package static var process: Console {
    let environment = ProcessInfo.processInfo.environment
    var answer: (@Sendable (String) -> String?)?
    if isatty(STDIN_FILENO) == 1, Terminal.standardError.isInteractive {
      answer = { question in
        Terminal.standardError.write(question)
        return readLine()
      }
    }
    return Console(
      results: { Terminal.standardOutput.write($0) }, complaints: { Terminal.standardError.write($0) },
      environment: environment, style: Terminal.standardOutput.style(environment),
      complaintStyle: Terminal.standardError.style(environment),
      isWatched: Terminal.standardError.isInteractive && environment["TERM"] != "dumb",
      size: { (Terminal.standardOutput.isInteractive ? Terminal.standardOutput : .standardError).size },
      ask: answer, signals: { Signals().stream })
  }

  /// Text on standard output.
  func output(_ text: String) { results(Data(text.utf8)) }

  /// A line on standard output.
  func say(_ line: String) { output(line + "\n") }

  /// Lines on standard output.
  func say(_ lines: [String]) { if !lines.isEmpty { output(lines.joined(separator: "\n") + "\n") } }

  /// A line on standard error.
  func complain(_ line: String) { complaints(line + "\n") }
}

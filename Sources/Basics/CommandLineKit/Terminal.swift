import Foundation

/// One of the process's two outputs, which may be a terminal.
package enum Terminal: Sendable {
  case standardOutput
  case standardError

  private var handle: FileHandle {
    switch self {
    case .standardOutput: .standardOutput
    case .standardError: .standardError
    }
  }

  package var isInteractive: Bool { isatty(handle.fileDescriptor) == 1 }

  /// Columns; 80 where nobody knows.
  package var columns: Int { size.columns }

  /// Columns and rows; 80 by 24 where nobody knows.
  package var size: (columns: Int, rows: Int) {
    var window = winsize()
    guard ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// Writes all of `text`. A reader that went away (`| head`) is no reason to complain.
  package func write(_ text: String) { write(Data(text.utf8)) }

  /// Writes all of `data`.
  package func write(_ data: Data) { try? handle.write(contentsOf: data) }

  /// A line on standard error.
  package static func complain(_ line: String) { standardError.write(line + "\n") }

  /// How text for people is written here, given the environment.
  package func style(_ environment: [String: String]) -> TextStyle {
    let isBare = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return TextStyle(usesColour: isInteractive && !isBare, usesUnicode: Self.usesUnicode(environment))
  }

  /// Whether the locale can show more than ASCII.
  package static func usesUnicode(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.lowercased().replacing("-", with: "").contains("utf8")
  }
}

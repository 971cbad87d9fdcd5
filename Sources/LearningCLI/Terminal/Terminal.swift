import Foundation

/// One of the process's two outputs, which may be a terminal.
enum Terminal: Sendable {
  case standardOutput
  case standardError

  private var handle: FileHandle {
    switch self {
    case .standardOutput: .standardOutput
    case .standardError: .standardError
    }
  }

  var isInteractive: Bool { isatty(handle.fileDescriptor) == 1 }

  /// Columns; 80 where nobody knows.
  var columns: Int {
    var window = winsize()
    guard ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return 80 }
    return Int(window.ws_col)
  }

  /// Writes all of `text`. A reader that went away (`| head`) is no reason to complain.
  func write(_ text: String) { try? handle.write(contentsOf: Data(text.utf8)) }

  /// A line on standard error.
  static func complain(_ line: String) { standardError.write(line + "\n") }

  /// How text for people is written here, given the environment.
  func style(_ environment: [String: String]) -> TextStyle {
    let isBare = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return TextStyle(
      usesColour: isInteractive && !isBare,
      usesUnicode: locale.lowercased().replacing("-", with: "").contains("utf8"))
  }
}

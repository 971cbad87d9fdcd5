/// `name=value` on a command line.
enum Assignment {
  /// Hyperparameters by name.
  /// - Throws: a failure of input for text without `=` or a name, and for a name given twice.
  static func hyperparameters(_ texts: [String]) throws(CommandFailure) -> [String: String] {
    var result: [String: String] = [:]
    for text in texts {
      guard let mark = text.firstIndex(of: "="), mark > text.startIndex else {
        throw .input("--set is \"\(text)\"; it must be name=value, such as learning_rate=0.01")
      }
      let name = String(text[..<mark])
      guard result.updateValue(String(text[text.index(after: mark)...]), forKey: name) == nil else {
        throw .input("--set names \(name) twice; give it one value")
      }
    }
    return result
  }
}

/// Tells how to go on with an interrupted run.
enum ResumeHint {
  /// The command that was given, for a POSIX shell, with `--resume`.
  static func command(_ arguments: [String]) -> String {
    let given = arguments.contains("--resume") ? arguments : arguments + ["--resume"]
    return given.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain =
      !argument.isEmpty
      && argument.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_./=:,@%+".unicodeScalars.contains(scalar))
      }
    return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}

import Foundation
import Logging
import Synchronization

/// A file for log lines that is only made when there is one.
package final class LogFile: Sendable {
  package let path: String
  private let handle = Mutex<FileHandle?>(nil)

  package init(path: String) { self.path = path }

  /// True once something was written.
  package var hasContent: Bool { handle.withLock { $0 != nil } }

  func append(_ line: String) {
    handle.withLock { handle in
      if handle == nil {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      }
      // A log that cannot be written must not end a training.
      try? handle?.write(contentsOf: Data((line + "\n").utf8))
    }
  }
}

/// Writes the lines of a level and above to a ``LogFile``.
package struct LogFileHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  private let label: String
  private let file: LogFile

  package init(label: String, file: LogFile, level: Logger.Level) {
    self.label = label
    self.file = file
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let facts = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    file.append("\(Date.now.ISO8601Format()) \(event.level) \(label): \(event.message)\(facts)")
  }
}

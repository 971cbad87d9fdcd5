import Foundation

/// A process that runs beside the test.
final class BackgroundProcess: Sendable {
  let pid: Int32
  let log: URL
  private let exit: Task<Int32, Never>

  /// Starts a program; its standard output and error go to `log`.
  init(_ program: URL, _ arguments: [String], environment: [String: String] = [:], log: URL) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    if !FileManager.default.fileExists(atPath: log.path) {
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    }
    let output = try FileHandle(forWritingTo: log)
    _ = try output.seekToEnd()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    let (codes, feed) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { feed.yield($0.terminationStatus) }
    try process.run()
    pid = process.processIdentifier
    self.log = log
    exit = Task {
      for await code in codes { return code }
      return -1
    }
  }

  func send(_ signal: Int32) { kill(pid, signal) }
  /// Waits until the process has ended, and returns its exit code, or the number of the signal that ended it.
  func wait() async -> Int32 { await exit.value }

  /// kill -9, and waits until it is gone.
  func crash() async {
    send(SIGKILL)
    _ = await wait()
  }
}

/// What a command that has ended left behind.
struct CommandResult {
  var status: Int32
  var output: String
  var error: String
}

/// Runs a command to its end.
func run(_ program: URL, _ arguments: [String], input: String? = nil, environment: [String: String] = [:]) async throws
  -> CommandResult
{
  let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  // Files, not pipes: nobody has to read while the command runs.
  let files = ["in", "out", "err"].map { folder.appending(path: $0) }
  try Data((input ?? "").utf8).write(to: files[0])
  for file in files[1...] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
  process.standardInput = try FileHandle(forReadingFrom: files[0])
  process.standardOutput = try FileHandle(forWritingTo: files[1])
  process.standardError = try FileHandle(forWritingTo: files[2])
  let status: Int32 = try await withCheckedThrowingContinuation { continuation in
    process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
    do { try process.run() } catch { continuation.resume(throwing: error) }
  }
  return CommandResult(
    status: status, output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
    error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
}

import CommandLineKit
import Foundation
import Registries
import Synchronization
import Testing

@testable import RegistryCLI

@Suite struct TransferTests {
  @Test func theLineTellsRateAndTimeLeft() {
    let transfer = Transfer(file: "iris.csv", done: 30 << 20, total: 120 << 20)
    #expect(
      TransferLine().text(transfer, elapsed: 3, width: 120)
        == "iris.csv  █████░░░░░░░░░░░░░░░  25%  30 MiB of 120 MiB  10 MiB/s  9 s left")
    #expect(
      TransferLine().text(transfer, elapsed: 2, begun: 10 << 20, width: 120).hasSuffix("10 MiB/s  9 s left"))
    let first = TransferLine(style: TextStyle(usesUnicode: false)).text(transfer, elapsed: 0.1, width: 120)
    #expect(first == "iris.csv  #####...............  25%  30 MiB of 120 MiB")
    #expect(TransferLine().text(Transfer(file: "", done: 0, total: 0), elapsed: 9, width: 120).contains("100%"))
  }

  @Test func noLineIsWiderThanTheTerminal() {
    let transfer = Transfer(file: String(repeating: "long", count: 30), done: 1, total: 1 << 40)
    for width in 1...150 { #expect(TransferLine().text(transfer, elapsed: 9, width: width).count <= width) }
  }

  @Test func progressIsForWhoWatches() async throws {
    let bench = try Bench()
    let path = try bench.file("a.csv", "x\n1\n")
    let watched = await bench.run("datasets", "put", "a", path, change: { $0.isWatched = true })
    #expect(watched.complaints.hasPrefix("\r\u{1b}[2Kreading a.csv") && watched.complaints.hasSuffix("\r\u{1b}[2K"))
    #expect(watched.complaints.contains("100%  4 B of 4 B"))
    let quiet = await bench.run("datasets", "put", "a", path, "--quiet", change: { $0.isWatched = true })
    #expect(quiet.complaints.isEmpty)
    try await bench.model("m")
    let get = await bench.run("models", "get", "m", "-d", bench.path("out"), change: { $0.isWatched = true })
    #expect(get.complaints.contains("model.onnx") && get.output.count { $0 == "\n" } == 2)
  }

  /// A transfer of which the signal comes after so many pieces.
  private func interrupted(_ bench: Bench, _ arguments: [String], after pieces: Int) async -> Bench.Outcome {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    let seen = Mutex(0)
    return await bench.run(arguments: arguments) { console in
      console.isWatched = true
      console.signals = { stream }
      let complaints = console.complaints
      console.complaints = { text in
        complaints(text)
        guard text.contains("\r") else { return }
        let count = seen.withLock { seen in
          seen += 1
          return seen
        }
        guard count == pieces else { return }
        continuation.yield(SIGINT)
        // The copying goes on meanwhile, on its own thread; give the signal time to arrive.
        usleep(200_000)
      }
    }
  }

  @Test func ctrlCLeavesNothingHalfWritten() async throws {
    let bench = try Bench()
    let path = bench.path("large.bin")
    try Data(count: 8 << 20).write(to: URL(filePath: path))
    let put = await interrupted(bench, ["datasets", "put", "large", path, "--no-summary"], after: 1)
    #expect(put.code == 130 && put.complaints.contains("interrupted; nothing is left half-written"), "\(put)")
    #expect(await bench.run("datasets", "show", "large").code == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path("registry/.staging")).isEmpty)

    #expect(await bench.run("datasets", "put", "large", path, "--no-summary").code == 0)
    let get = await interrupted(bench, ["datasets", "get", "large", "-d", bench.path("out")], after: 1)
    #expect(get.code == 130, "\(get)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path("out")).isEmpty)
  }

  @Test func aSummaryIsCutShortToo() async throws {
    let bench = try Bench()
    let path = try bench.file("a.csv", "x\n" + String(repeating: "12345678\n", count: 200_000))
    let put = await interrupted(bench, ["datasets", "put", "a", path], after: 1)
    #expect(put.code == 130 && put.output.isEmpty, "\(put)")
  }
}

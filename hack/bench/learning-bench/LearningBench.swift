import Glibc
import Learning

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Our side of hack/bench/learning: does one job, in a process of its own, and prints what it took as one line of JSON.
///
/// The job is the one argument, in JSON, the same text that the peer's side is given (hack/bench/learning-peers).
@main
struct LearningBench {
  static func main() {
    guard CommandLine.arguments.count == 2, let job = Job(CommandLine.arguments[1]) else {
      fail("usage: learning-bench JOB, started by hack/bench/learning", status: 2)
    }
    do throws(LearningError) {
      let outcome =
        switch job.kind {
        case .fit: try FitJob.run(job)
        case .csv: try CSVJob.run(job)
        case .sgemm: try ProductJob.run()
        case .digits: try DigitsJob.run(job)
        }
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: (try? encoder.encode(outcome)) ?? Data(), as: UTF8.self))
    } catch {
      fail(error.description, status: 1)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    let line = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
  }
}

/// Seconds that `body` takes, and what it returns.
func timed<Result>(_ body: () throws(LearningError) -> Result) throws(LearningError) -> (Double, Result) {
  let start = ContinuousClock.now
  let result = try body()
  return ((ContinuousClock.now - start) / .seconds(1), result)
}

import Learning
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes the built-in digits as MNIST's four files, for both sides to read where there is no MNIST.
enum DigitsJob {
  static func run(_ job: Job) throws(LearningError) -> Outcome {
    let directory = URL(filePath: job.data ?? "")
    let train = job.trainRows ?? 60_000
    let test = job.testRows ?? 10_000
    let request = DatasetRequest(
      uri: "builtin://digits?count=\(train + test)&seed=1", testFraction: Double(test) / Double(train + test))
    let (seconds, _) = try timed { () throws(LearningError) in
      let digits = try DatasetLoader.load(request, dataRoot: directory)
      try write(digits.train, "train", directory)
      try write(digits.test, "t10k", directory)
    }
    return Outcome(seconds: seconds)
  }

  private static func write(_ examples: Examples, _ name: String, _ directory: URL) throws(LearningError) {
    guard case .bytes(let pixels, _) = examples.features else { return }
    let count = UInt32(examples.count)
    var images = header(0x0803, [count, 28, 28])
    images.append(contentsOf: pixels.bytes)
    var labels = header(0x0801, [count])
    labels.append(contentsOf: examples.labels.map { UInt8(truncatingIfNeeded: $0) })
    do {
      try images.write(to: directory.appending(path: "\(name)-images-idx3-ubyte"))
      try labels.write(to: directory.appending(path: "\(name)-labels-idx1-ubyte"))
    } catch {
      throw .invalidRequest(field: "data", value: directory.path, expected: "a directory to write to: \(error)")
    }
  }

  /// Big-endian words.
  private static func header(_ magic: UInt32, _ sizes: [UInt32]) -> Data {
    Data(([magic] + sizes).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } })
  }
}

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What to do, as hack/bench/learning-peers/cases.py writes it.
struct Job: Decodable {
  enum Kind: String, Decodable {
    /// Train on images and predict the test images.
    case fit
    /// Read a table and make the training matrix of it.
    case csv
    /// Multiply matrices, for the peak that fits are measured against.
    case sgemm
    /// Write generated images as MNIST's four files.
    case digits
  }

  var kind: Kind
  /// A directory of IDX files, a CSV file, or where to write images.
  var data: String?
  var algorithm: String?
  var hyperparameters: [String: String]?
  var epochs: Int?
  var batchSize: Int?
  /// Only the first rows, where given.
  var trainRows: Int?
  var testRows: Int?
  var target: String?

  init?(_ text: String) {
    guard let job = try? JSONDecoder().decode(Job.self, from: Data(text.utf8)) else { return nil }
    self = job
  }
}

/// What came of it. Fields that a kind of job has nothing to say about are left out.
struct Outcome: Encodable {
  var seconds: Double
  var predictSeconds: Double?
  var metrics: [String: Double] = [:]
  /// What computed: versions, kernel sets.
  var engine: String?
}

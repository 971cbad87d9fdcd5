import Foundation

@testable import Learning

/// What scikit-learn says; hack/reference/svm.py makes the file.
struct SupportVectorReference: Decodable {
  struct Small: Decodable {
    var rows: [Float]
    var labels: [Int32]
    var test: [Float]
  }

  struct Machine: Decodable {
    var parameters: [String: String]
    var gamma: Double
    var support: [Int]
    var vectors_per_class: [Int]
    var dual_coef: [Double]
    var rho: [Double]
    var objectives: [Double]
    var decisions: [Double]
    var labels: [Int]
  }

  struct Calibrated: Decodable {
    var rows: [Float]
    var labels: [Int32]
    var test: [Float]
    var truth: [Int32]
    var log_loss: Double
  }

  struct Platt: Decodable {
    var decisions: [Double]
    var positive: [Int]
    var a: Double
    var b: Double
  }

  struct Accuracies: Decodable {
    var svm_accuracy: Double
    var logistic_accuracy: Double
    var coefficients: [Double]?
    var intercepts: [Double]?
  }

  var small: Small
  var machines: [Machine]
  var calibrated: Calibrated
  var platt: Platt
  var iris: Accuracies
  var spotify: Accuracies
  var digits: Accuracies

  static func load() throws -> SupportVectorReference {
    let file = Fixtures.packageRoot.appending(path: "hack/reference/svm.json")
    return try JSONDecoder().decode(SupportVectorReference.self, from: try Data(contentsOf: file))
  }
}

extension Examples {
  /// Rows of floats; labels 0 where there are none.
  init(_ values: [Float], labels: [Int32]? = nil, width: Int) {
    self.init(
      features: .floats(FloatBuffer(values)),
      labels: labels ?? [Int32](repeating: 0, count: values.count / width), width: width)
  }
}

extension Dataset {
  /// Rows to train on without names of columns.
  init(_ train: Examples, test: Examples? = nil, classes: Int) {
    let columns = (0..<train.width).map { FeatureColumn(name: "f\($0)", kind: .number, categories: []) }
    self.init(
      train: train, test: test ?? train.selecting([]),
      preprocessing: Preprocessing(
        input: .table(columns), targetColumn: "y", classes: (0..<classes).map { "class \($0)" }))
  }
}

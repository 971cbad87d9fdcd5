/// A trained function from rows to class probabilities: what evaluation, prediction and search need of any model.
///
/// Not Sendable: it owns the memory it computes in; make one a thread.
package protocol Classifier: AnyObject {
  /// Features of a row.
  var inputWidth: Int { get }
  /// Probabilities of a row.
  var classCount: Int { get }
  /// Most rows of one call.
  var maximumRows: Int { get }
  /// The probabilities of `count` rows of `examples` from row `first` on, [count×classCount], each row adding up to 1.
  /// Labels are not looked at. The memory is the classifier's and holds until the next call.
  func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float>
}

import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// What is computed from a batch's logits and bytes. The vectorised loops are CKernels'.
///
/// Loops are `while` loops over raw pointers with wrapping arithmetic: a debug build, which pays for every iterator
/// call, stays bearable. Sums that feed a decision are kept in Double.
package enum Kernels {
  /// Turns `logits` [rows×classes] into probabilities in place, each row shifted by its maximum so that exp stays finite.
  package static func softmax(_ logits: UnsafeMutablePointer<Float>, rows: Int, classes: Int) {
    ck_softmax(logits, rows, classes)
  }

  /// What a batch's probabilities say against its labels.
  package struct BatchScore {
    /// Sum over the rows of −log p(label), in nats.
    package var loss: Double
    /// Rows whose most probable class is the label (the first of equals counts).
    package var correct: Int
  }

  /// Scores `probabilities` [rows×classes] against `labels` [rows].
  ///
  /// Probabilities are held at least 1e-15 from 0 in the logarithm, as scikit-learn's log_loss long did, so that one
  /// confident mistake does not make the loss infinite; NaN stays NaN.
  package static func score(
    _ probabilities: UnsafePointer<Float>, labels: UnsafePointer<Int32>, rows: Int, classes: Int
  ) -> BatchScore {
    var score = BatchScore(loss: 0, correct: 0)
    var row = 0
    while row < rows {
      let p = probabilities + row &* classes
      let label = Int(labels[row])
      let probability = Double(p[label])
      score.loss -= log(probability < 1e-15 ? 1e-15 : probability)
      if argmax(p, count: classes) == label { score.correct &+= 1 }
      row &+= 1
    }
    return score
  }

  /// The gradient of the mean cross-entropy by the logits, in place of the probabilities: (p − onehot) · `scale`.
  package static func crossEntropyGradient(
    _ probabilities: UnsafeMutablePointer<Float>, labels: UnsafePointer<Int32>, rows: Int, classes: Int, scale: Float
  ) {
    var row = 0
    while row < rows {
      let p = probabilities + row &* classes
      p[Int(labels[row])] -= 1
      var j = 0
      while j < classes {
        p[j] *= scale
        j &+= 1
      }
      row &+= 1
    }
  }

  /// The index of the largest value; the first of equals.
  package static func argmax(_ values: UnsafePointer<Float>, count: Int) -> Int {
    var best = 0
    var i = 1
    while i < count {
      if values[i] > values[best] { best = i }
      i &+= 1
    }
    return best
  }

  /// output = bytes · scale.
  package static func scaleBytes(
    _ output: UnsafeMutablePointer<Float>, _ bytes: UnsafePointer<UInt8>, count: Int, scale: Float
  ) {
    ck_scale_bytes(output, bytes, count, scale)
  }
}

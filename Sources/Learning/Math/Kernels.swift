#if canImport(Glibc)
  import Glibc
#endif

/// The loops that run over every element of a batch or of the parameters. All hot loops of the target are in this file.
///
/// They are `while` loops over raw pointers with wrapping arithmetic: the optimiser turns them into vector code, and a
/// debug build, which pays for every iterator call, stays bearable. Sums that feed a decision are kept in Double.
package enum Kernels {
  /// Copies `bias` [columns] into each of `rows` rows of `output` [rows×columns].
  package static func fillRows(
    _ output: UnsafeMutablePointer<Float>, with bias: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    var row = 0
    while row < rows {
      (output + row &* columns).update(from: bias, count: columns)
      row &+= 1
    }
  }

  /// sums[columns] = the column sums of `matrix` [rows×columns].
  package static func columnSums(
    _ sums: UnsafeMutablePointer<Float>, of matrix: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    sums.update(repeating: 0, count: columns)
    var row = 0
    while row < rows {
      let source = matrix + row &* columns
      var column = 0
      while column < columns {
        sums[column] += source[column]
        column &+= 1
      }
      row &+= 1
    }
  }

  /// output = max(input, 0). May work in place.
  package static func relu(_ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>, count: Int) {
    var i = 0
    while i < count {
      let value = input[i]
      output[i] = value > 0 ? value : 0
      i &+= 1
    }
  }

  /// inputGradient = outputGradient where the unit was active, else 0. May work in place.
  package static func reluBackward(
    _ inputGradient: UnsafeMutablePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>, count: Int
  ) {
    var i = 0
    while i < count {
      let gradient = outputGradient[i]
      inputGradient[i] = output[i] > 0 ? gradient : 0
      i &+= 1
    }
  }

  /// mask[i] = 0 for dropped units, else `scale`. Unit `first + i` is dropped when its hash is below `threshold`.
  ///
  /// The hash is the 32-bit finaliser of MurmurHash3 over a counter, so a mask depends on its key and position alone:
  /// nothing to save in a checkpoint, and any part of a batch can be computed anywhere.
  package static func dropoutMask(
    _ mask: UnsafeMutablePointer<Float>, count: Int, first: UInt32, key: UInt32, threshold: UInt32, scale: Float
  ) {
    var i = 0
    while i < count {
      var hash = (first &+ UInt32(truncatingIfNeeded: i)) &* 0x9E37_79B9 ^ key
      hash ^= hash >> 16
      hash = hash &* 0x85EB_CA6B
      hash ^= hash >> 13
      hash = hash &* 0xC2B2_AE35
      hash ^= hash >> 16
      mask[i] = hash < threshold ? 0 : scale
      i &+= 1
    }
  }

  /// output = a · b, element by element. May work in place.
  package static func product(
    _ output: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) {
    var i = 0
    while i < count {
      output[i] = a[i] * b[i]
      i &+= 1
    }
  }

  /// Turns `logits` [rows×classes] into probabilities in place, each row shifted by its maximum so that exp stays finite.
  package static func softmax(_ logits: UnsafeMutablePointer<Float>, rows: Int, classes: Int) {
    var row = 0
    while row < rows {
      let p = logits + row &* classes
      var top = p[0]
      var j = 1
      while j < classes {
        if p[j] > top { top = p[j] }
        j &+= 1
      }
      var sum: Float = 0
      j = 0
      while j < classes {
        let e = expf(p[j] - top)
        p[j] = e
        sum += e
        j &+= 1
      }
      let scale = 1 / sum
      j = 0
      while j < classes {
        p[j] *= scale
        j &+= 1
      }
      row &+= 1
    }
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
    var i = 0
    while i < count {
      output[i] = Float(bytes[i]) * scale
      i &+= 1
    }
  }

  /// One step of Adam (Kingma and Ba, 2015, algorithm 1) in the arrangement of its section 2 that folds both bias
  /// corrections into `rate`; `epsilon` is then ε-hat, as in Keras.
  package static func adam(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, m: UnsafeMutablePointer<Float>,
    v: UnsafeMutablePointer<Float>, count: Int, rate: Float, beta1: Float, beta2: Float, epsilon: Float
  ) {
    let rest1 = 1 - beta1
    let rest2 = 1 - beta2
    var i = 0
    while i < count {
      let g = gradients[i]
      let first = m[i] + rest1 * (g - m[i])
      let second = v[i] + rest2 * (g * g - v[i])
      m[i] = first
      v[i] = second
      parameters[i] -= rate * first / (second.squareRoot() + epsilon)
      i &+= 1
    }
  }

  /// One step of gradient descent with momentum, as Keras has it: v = momentum·v − rate·g; w += v.
  package static func momentum(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, velocity: UnsafeMutablePointer<Float>,
    count: Int, rate: Float, momentum: Float
  ) {
    var i = 0
    while i < count {
      let step = momentum * velocity[i] - rate * gradients[i]
      velocity[i] = step
      parameters[i] += step
      i &+= 1
    }
  }
}

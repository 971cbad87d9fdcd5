import TrainingDefinition

/// The penalised mean cross-entropy of multinomial logistic regression over all training rows, and its gradient.
///
/// f(W, b) = mean loss + p·‖W‖²/(2·C·n), scikit-learn's objective divided by C·n; the bias is not penalised. With two
/// classes p is 2: the two columns of W then share what scikit-learn has in one, and the minimum is the same.
///
/// The rows are divided into parts by their number alone. Each part has sums of its own, and these are added up in their
/// order, so the result does not depend on the number of threads.
final class LogisticObjective {
  /// What one evaluation saw.
  struct Probe {
    var value: Double
    /// Mean cross-entropy without the penalty.
    var loss: Double
    var accuracy: Double
  }

  /// Evaluations since `clearProbes`.
  private(set) var probes: [Probe] = []

  private let examples: Examples
  private let rows: RowBlocks
  private let pool: ThreadPool
  private let shape: LogisticShape
  private let weights: FloatBuffer
  private let biases: FloatBuffer
  private let parts: [LogisticPart]
  private let penalty: Double

  private static let mostParts = 16
  private static let partRows = 1024
  /// Bytes that the sums of all parts may take.
  private static let partBytes = 64 << 20

  init(_ plan: TrainingPlan, pool: ThreadPool = .shared) {
    self.pool = pool
    examples = plan.dataset.train
    rows = RowBlocks(examples, pool: pool)
    let shape = LogisticShape(width: examples.width, classes: plan.dataset.classCount)
    self.shape = shape
    weights = FloatBuffer(count: shape.width * shape.lanes)
    biases = FloatBuffer(count: shape.lanes)
    let wanted = min(Self.mostParts, (examples.count + Self.partRows - 1) / Self.partRows)
    let count = max(1, min(wanted, Self.partBytes / (12 * shape.width * shape.lanes)))
    let (whole, rows) = (examples.count, rows)
    parts = (0..<count).map { part in
      LogisticPart(rows: (part * whole / count)..<((part + 1) * whole / count), of: rows, shape: shape)
    }
    let share: Double = shape.classes == 2 ? 2 : 1
    penalty = share / (plan.hyperparameters.number("C") * Double(examples.count))
  }

  func clearProbes() { probes.removeAll(keepingCapacity: true) }

  /// Value at `point` (weights [width×classes], then biases), and the gradient there.
  func evaluate(_ point: [Double], _ gradient: inout [Double]) -> Double {
    spread(point)
    examples.labels.withUnsafeBufferPointer { labels in
      guard let labels = labels.baseAddress else { return }
      pool.run(parts.count) {
        parts[$0].evaluate(rows, labels: labels, weights: weights.base, biases: biases.base)
      }
    }
    let count = Double(examples.count)
    let loss = parts.reduce(0) { $0 + $1.loss } / count
    let correct = parts.reduce(0) { $0 + $1.correct }
    let square = collect(point, &gradient)
    let value = loss + penalty * square / 2
    probes.append(Probe(value: value, loss: loss, accuracy: Double(correct) / count))
    return value
  }

  /// Lays the point out as rows of whole vectors.
  private func spread(_ point: [Double]) {
    point.withUnsafeBufferPointer { point in
      var source = 0
      for column in 0..<shape.width {
        let target = weights.base + column * shape.lanes
        for label in 0..<shape.classes {
          target[label] = Float(point[source])
          source &+= 1
        }
      }
      for label in 0..<shape.classes { biases.base[label] = Float(point[source + label]) }
    }
  }

  /// Adds up the parts' gradients and the penalty's; returns ‖W‖².
  private func collect(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let weightCount = shape.width * shape.classes
    let scale = 1 / Double(examples.count)
    var square = 0.0
    gradient.withUnsafeMutableBufferPointer { gradient in
      gradient.update(repeating: 0)
      for part in parts { part.add(to: gradient) }
      point.withUnsafeBufferPointer { point in
        var index = 0
        while index < weightCount {
          square += point[index] * point[index]
          gradient[index] = gradient[index] * scale + penalty * point[index]
          index &+= 1
        }
        while index < point.count {
          gradient[index] *= scale
          index &+= 1
        }
      }
    }
    return square
  }
}

/// The penalised mean cross-entropy of multinomial logistic regression over all training rows, and its gradient.
///
/// f(W, b) = mean loss + p·‖W‖²/(2·C·n), scikit-learn's objective divided by C·n; the bias is not penalised. With two
/// classes p is 2: the two columns of W then share what scikit-learn has in one, and the minimum is the same.
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
  private let network: Network
  private let workspace: Workspace
  private let parameters: FloatBuffer
  private let gradients: FloatBuffer
  private let sums: UnsafeMutableBufferPointer<Double>
  private let penalty: Double
  private let weightCount: Int
  private static let blockRows = 2048

  init(_ plan: TrainingPlan, network: Network) {
    examples = plan.dataset.train
    self.network = network
    workspace = Workspace(network: network, maximumRows: min(Self.blockRows, examples.count), training: true)
    parameters = FloatBuffer(count: network.parameterCount)
    gradients = FloatBuffer(count: network.parameterCount)
    sums = .allocate(capacity: network.parameterCount)
    sums.initialize(repeating: 0)
    weightCount = network.inputWidth * network.outputWidth
    let share: Double = network.outputWidth == 2 ? 2 : 1
    penalty = share / (plan.hyperparameters.number("C") * Double(examples.count))
  }

  deinit { sums.deallocate() }

  func clearProbes() { probes.removeAll(keepingCapacity: true) }

  /// Value at `point` (weights [width×classes], then biases), and the gradient there.
  func evaluate(_ point: [Double], _ gradient: inout [Double]) -> Double {
    for index in point.indices { parameters.base[index] = Float(point[index]) }
    for index in point.indices { sums[index] = 0 }
    var loss = 0.0
    var correct = 0
    var first = 0
    while first < examples.count {
      let rows = min(workspace.maximumRows, examples.count - first)
      examples.copyRows(from: first, count: rows, into: workspace.input.base)
      for row in 0..<rows { workspace.labels[row] = examples.labels[first + row] }
      workspace.forward(rows: rows, parameters: parameters.base, mode: .inference)
      let score = workspace.score(rows: rows)
      loss += score.loss
      correct += score.correct
      workspace.backward(
        rows: rows, parameters: parameters.base, into: gradients.base, scale: 1 / Float(examples.count))
      for index in point.indices { sums[index] += Double(gradients.base[index]) }
      first += rows
    }
    var square = 0.0
    for index in 0..<weightCount {
      square += point[index] * point[index]
      gradient[index] = sums[index] + penalty * point[index]
    }
    for index in weightCount..<point.count { gradient[index] = sums[index] }
    let mean = loss / Double(examples.count)
    let value = mean + penalty * square / 2
    probes.append(Probe(value: value, loss: mean, accuracy: Double(correct) / Double(examples.count)))
    return value
  }
}

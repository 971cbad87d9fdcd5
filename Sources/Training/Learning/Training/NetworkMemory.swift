/// What a network has learned and what its optimiser remembers, with copies to go back to.
final class NetworkMemory {
  let parameters: FloatBuffer
  let optimiser: Optimiser
  /// The parameters of the best epoch, with early stopping.
  let best: FloatBuffer?

  /// The parameters and the optimiser's state as of `keep`.
  private let kept: [FloatBuffer]
  private var keptSteps = 0

  /// - Parameter count: number of parameters.
  init(rule: OptimiserRule, count: Int, keepsBest: Bool) {
    parameters = FloatBuffer(count: count)
    optimiser = Optimiser(rule, count: count)
    best = keepsBest ? FloatBuffer(count: count) : nil
    kept = (0...optimiser.state.count).map { _ in FloatBuffer(count: count) }
  }

  private var buffers: [FloatBuffer] { [parameters] + optimiser.state }

  /// Remembers the present state as good.
  func keep() {
    for (copy, buffer) in zip(kept, buffers) { copy.base.update(from: buffer.base, count: buffer.count) }
    keptSteps = optimiser.steps
  }

  /// Goes back to the state last kept.
  func rewind() {
    for (copy, buffer) in zip(kept, buffers) { buffer.base.update(from: copy.base, count: buffer.count) }
    optimiser.steps = keptSteps
  }

  /// Remembers the present parameters as the best.
  func keepBest() { best?.base.update(from: parameters.base, count: parameters.count) }

  /// Whether every parameter is a number. 0·x is 0 for those alone, and a NaN among them stays in the sum.
  var isFinite: Bool {
    var sum: Float = 0
    var index = 0
    while index < parameters.count {
      sum += 0 * parameters.base[index]
      index &+= 1
    }
    return sum == 0
  }

  /// For a checkpoint.
  /// - Parameter best: whether there is a best epoch yet.
  func tensors(best hasBest: Bool) -> [Tensor] {
    func tensor(_ name: String, _ buffer: FloatBuffer) -> Tensor {
      Tensor(name: name, shape: [buffer.count], floats: buffer.array)
    }
    var tensors = [tensor("parameters", parameters)]
    for (name, buffer) in zip(optimiser.rule.stateNames, optimiser.state) {
      tensors.append(tensor("optimiser.\(name)", buffer))
    }
    if hasBest, let best { tensors.append(tensor("best.parameters", best)) }
    return tensors
  }

  /// Takes over what `tensors` wrote.
  /// - Throws: `badCheckpoint`; nothing is changed then.
  func restore(_ file: TensorFile, steps: Int, best hasBest: Bool) throws(LearningError) {
    let count = parameters.count
    let saved = try Checkpoint.floats(file, "parameters", count: count)
    var states: [[Float]] = []
    for name in optimiser.rule.stateNames {
      states.append(try Checkpoint.floats(file, "optimiser.\(name)", count: count))
    }
    if hasBest { best?.assign(try Checkpoint.floats(file, "best.parameters", count: count)) }
    parameters.assign(saved)
    for (buffer, values) in zip(optimiser.state, states) { buffer.assign(values) }
    optimiser.steps = steps
  }
}

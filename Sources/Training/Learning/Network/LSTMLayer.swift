import CKernels

/// A long short-term memory over a sequence; the output is the hidden state after the last step.
///
/// Keras's LSTM with its defaults: W [features×4·units] for the input, U [units×4·units] for the hidden state, b
/// [4·units], gates in the order input, forget, candidate, output; both states start at 0.
package struct LSTMLayer: Layer {
  package let steps: Int
  package let features: Int
  package let units: Int

  package init(steps: Int, features: Int, units: Int) {
    self.steps = steps
    self.features = features
    self.units = units
  }

  private var gates: Int { 4 * units }
  private var inputWeights: Int { features * gates }
  private var recurrentWeights: Int { units * gates }

  package var kind: String { "lstm" }
  package var inputWidth: Int { steps * features }
  package var outputWidth: Int { units }
  package var parameterCount: Int { inputWeights + recurrentWeights + gates }
  package var preparedCount: Int { inputWeights + recurrentWeights }
  package var alwaysPrepares: Bool { true }
  package var sumsByPart: Bool { true }
  package var preferredRows: Int { 32 }
  /// Gates, cell state, its tanh, and hidden state of every step.
  package var scratchWidth: Int { steps * (gates + 3 * units) }
  /// Forward without scratch: one step of the same. Backward: the gradients by the two states.
  package func temporaryCount(rows: Int) -> Int { rows * (gates + 3 * units) }

  package func slots(prefix: String) -> [TensorSlot] {
    [
      TensorSlot(name: prefix + ".weight", shape: [features, gates], offset: 0),
      TensorSlot(name: prefix + ".recurrent", shape: [units, gates], offset: inputWeights),
      TensorSlot(name: prefix + ".bias", shape: [gates], offset: inputWeights + recurrentWeights),
    ]
  }

  /// Glorot's uniform input weights, orthogonal recurrent ones, biases 0 but 1 for the forget gate (Jozefowicz et al.,
  /// 2015), so that a fresh cell remembers.
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {
    Initialiser.glorotUniform(parameters, count: inputWeights, fanIn: features, fanOut: gates, random: &random)
    Initialiser.orthogonal(parameters + inputWeights, rows: units, columns: gates, random: &random)
    let bias = parameters + inputWeights + recurrentWeights
    bias.update(repeating: 0, count: gates)
    (bias + units).update(repeating: 1, count: units)
  }

  /// Uᵀ [4·units×units], then Wᵀ [4·units×features].
  package func prepare(_ prepared: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>) {
    ck_transpose(prepared, units, parameters + inputWeights, units, gates)
    ck_transpose(prepared + recurrentWeights, features, parameters, features, gates)
  }

  /// Where the parts of the memory of a pass over `rows` rows lie, all by step, then by row.
  private struct Memory {
    let gates: UnsafeMutablePointer<Float>
    let cell: UnsafeMutablePointer<Float>
    let cellTanh: UnsafeMutablePointer<Float>
    let hidden: UnsafeMutablePointer<Float>

    init(_ base: UnsafeMutablePointer<Float>, cells: Int) {
      gates = base
      cell = base + 4 * cells
      cellTanh = base + 5 * cells
      hidden = base + 6 * cells
    }
  }

  package func forward(_ pass: ForwardPass) {
    let cells = pass.rows * units
    // Without a backward pass every step overwrites the one before.
    let stride = pass.scratch == nil ? 0 : cells
    let memory = Memory(pass.scratch ?? pass.temporary, cells: pass.scratch == nil ? cells : steps * cells)
    let recurrent = pass.parameters + inputWeights
    for step in 0..<steps {
      let sums = memory.gates + step * 4 * stride
      let before = (step - 1) * stride
      var inputs = RowPattern(pass.input + step * features, stride: inputWidth)
      ck_product(
        &inputs, 1, 0, features, pass.parameters, gates, recurrent + recurrentWeights, Activation.linear.code, 0, sums,
        gates, pass.rows, gates)
      if step > 0 {
        var hidden = RowPattern(memory.hidden + before, stride: units)
        ck_product(
          &hidden, 1, 0, units, recurrent, gates, nil, Activation.linear.code, 1, sums, gates, pass.rows, gates)
      }
      let place = step * stride
      ck_lstm_forward(
        sums, step > 0 ? UnsafePointer(memory.cell + before) : nil, memory.cell + place, memory.cellTanh + place,
        memory.hidden + place, pass.rows, units)
    }
    pass.output.update(from: memory.hidden + (steps - 1) * stride, count: cells)
  }

  /// Backpropagation through time (Werbos, 1990).
  package func backward(_ pass: BackwardPass) {
    let cells = pass.rows * units
    let memory = Memory(pass.scratch, cells: steps * cells)
    let byHidden = pass.temporary
    let byCell = pass.temporary + cells
    byHidden.update(from: pass.outputGradient, count: cells)
    byCell.update(repeating: 0, count: cells)
    for step in (0..<steps).reversed() {
      let sums = memory.gates + step * 4 * cells
      let before = step > 0 ? UnsafePointer(memory.cell + (step - 1) * cells) : nil
      ck_lstm_backward(sums, before, memory.cellTanh + step * cells, byHidden, byCell, pass.rows, units)
      var deltas = RowPattern(sums, stride: gates)
      if step > 0 {
        ck_product(
          &deltas, 1, 0, gates, pass.prepared, units, nil, Activation.linear.code, 0, byHidden, units, pass.rows, units)
      }
      if let inputGradient = pass.inputGradient {
        ck_product(
          &deltas, 1, 0, gates, pass.prepared + recurrentWeights, features, nil, Activation.linear.code, 0,
          inputGradient + step * features, inputWidth, pass.rows, features)
      }
    }
    parameterGradients(pass, memory)
  }

  /// dW = Σ xₜᵀ·dₜ, dU = Σ hₜ₋₁ᵀ·dₜ, db = Σ dₜ, where dₜ are the gradients by the gates' sums.
  private func parameterGradients(_ pass: BackwardPass, _ memory: Memory) {
    let target = pass.parameterGradients
    var inputs = RowPattern(
      base: pass.input, inner: pass.rows, inner_stride: inputWidth, middle: steps, middle_stride: features,
      outer_stride: 0)
    var deltas = RowPattern(
      base: memory.gates, inner: pass.rows, inner_stride: gates, middle: steps, middle_stride: pass.rows * gates,
      outer_stride: 0)
    ck_outer(&inputs, 1, 0, features, &deltas, 0, target, gates, steps * pass.rows, gates)
    let recurrent = target + inputWeights
    if steps > 1 {
      var hidden = RowPattern(memory.hidden, stride: units)
      var later = RowPattern(memory.gates + pass.rows * gates, stride: gates)
      ck_outer(&hidden, 1, 0, units, &later, 0, recurrent, gates, (steps - 1) * pass.rows, gates)
    } else {
      recurrent.update(repeating: 0, count: recurrentWeights)
    }
    ck_column_sums(recurrent + recurrentWeights, memory.gates, steps * pass.rows, gates, 0)
  }
}

/// y = f(x) for each unit. For activations that no layer before them has taken in; that layer may need its output as it
/// was, so this one has its own.
package struct ActivationLayer: Layer {
  package let activation: Activation
  package let inputWidth: Int
  package var outputWidth: Int { inputWidth }
  package var kind: String { activation.rawValue }
  package var toleratesScaling: Bool { activation.needsOnlySign }

  package init(_ activation: Activation, width: Int) {
    self.activation = activation
    inputWidth = width
  }

  package func forward(_ pass: ForwardPass) {
    activation.apply(pass.output, pass.input, count: pass.rows * inputWidth)
  }

  package func backward(_ pass: BackwardPass) {
    guard let inputGradient = pass.inputGradient else { return }
    activation.applyBackward(
      inputGradient, pass.outputGradient, output: pass.output, count: pass.rows * inputWidth)
  }
}

/// What a forward pass is for.
package enum PassMode: Sendable, Equatable {
  /// Dropout lets everything through.
  case inference
  /// Dropout drops. `key` is different for each step; `firstRow` is the place of the first row in the global batch, so
  /// that parts of one batch computed apart drop the same units as the whole.
  case training(key: UInt64, firstRow: Int)
}

/// The memory one layer works on in a forward pass over `rows` rows. Matrices are row-major.
package struct ForwardPass {
  /// [rows×inputWidth]
  package let input: UnsafePointer<Float>
  /// [rows×outputWidth]; the same memory as `input` for layers that work in place.
  package let output: UnsafeMutablePointer<Float>
  /// [parameterCount]
  package let parameters: UnsafePointer<Float>
  /// [rows×scratchWidth], kept until the backward pass.
  package let scratch: UnsafeMutablePointer<Float>
  package let rows: Int
  package let mode: PassMode
}

/// The memory one layer works on in a backward pass.
package struct BackwardPass {
  /// [rows×inputWidth], as in the forward pass (overwritten by the output for layers that work in place).
  package let input: UnsafePointer<Float>
  /// [rows×outputWidth]
  package let output: UnsafePointer<Float>
  /// The loss by the output, [rows×outputWidth].
  package let outputGradient: UnsafePointer<Float>
  /// The loss by the input, [rows×inputWidth]; nil for the first layer, where nobody asks for it.
  package let inputGradient: UnsafeMutablePointer<Float>?
  /// [parameterCount]
  package let parameters: UnsafePointer<Float>
  /// The loss by the parameters, overwritten.
  package let parameterGradients: UnsafeMutablePointer<Float>
  package let scratch: UnsafePointer<Float>
  package let rows: Int
}

/// One layer: sizes and arithmetic, no memory of its own. The workspace owns activations, the session parameters.
package protocol Layer: Sendable {
  var inputWidth: Int { get }
  var outputWidth: Int { get }
  var parameterCount: Int { get }
  /// Floats a row that the forward pass leaves for the backward pass.
  var scratchWidth: Int { get }
  /// The output overwrites the input, and the gradient by the input overwrites that by the output.
  var worksInPlace: Bool { get }
  /// The parameters' names and shapes, offsets counted from the layer's first parameter.
  func slots(prefix: String) -> [TensorSlot]
  /// Fills fresh parameters.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom)
  func forward(_ pass: ForwardPass, blas: Blas)
  func backward(_ pass: BackwardPass, blas: Blas)
}

extension Layer {
  package var parameterCount: Int { 0 }
  package var scratchWidth: Int { 0 }
  package var worksInPlace: Bool { false }
  package func slots(prefix: String) -> [TensorSlot] { [] }
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {}
}

/// What a forward pass is for.
package enum PassMode: Sendable, Equatable {
  /// Dropout lets everything through.
  case inference
  /// Dropout drops. `key` is different for each step; `firstRow` is the place of the first row in the global batch, so
  /// that parts of one batch computed apart drop the same units as the whole.
  case training(key: UInt64, firstRow: Int)
}

/// The memory one layer works on in a forward pass over some rows of a batch. Matrices are row-major.
package struct ForwardPass {
  /// [rows×inputWidth]
  package let input: UnsafePointer<Float>
  /// [rows×outputWidth]; the same memory as `input` for layers that work in place.
  package let output: UnsafeMutablePointer<Float>
  /// [parameterCount]
  package let parameters: UnsafePointer<Float>
  /// [rows×scratchWidth], kept until the backward pass; nil where none will follow.
  package let scratch: UnsafeMutablePointer<Float>?
  /// [temporaryCount(rows:)], for this pass alone.
  package let temporary: UnsafeMutablePointer<Float>
  package let rows: Int
  package let mode: PassMode
}

/// The memory one layer works on in a backward pass over the same rows.
package struct BackwardPass {
  /// [rows×inputWidth], as in the forward pass (overwritten by the output for layers that work in place).
  package let input: UnsafePointer<Float>
  /// [rows×outputWidth]
  package let output: UnsafePointer<Float>
  /// The loss by the output, [rows×outputWidth]; the layer may leave there what `gradients` needs of it.
  package let outputGradient: UnsafeMutablePointer<Float>
  /// The loss by the input, [rows×inputWidth]; nil for the first layer, where nobody asks for it.
  package let inputGradient: UnsafeMutablePointer<Float>?
  /// [parameterCount]
  package let parameters: UnsafePointer<Float>
  /// [preparedCount], made by `prepare` from the same parameters.
  package let prepared: UnsafePointer<Float>
  /// The loss by the parameters, these rows' share, overwritten; [parameterCount] where the layer `sumsByPart`.
  package let parameterGradients: UnsafeMutablePointer<Float>
  package let scratch: UnsafeMutablePointer<Float>
  package let temporary: UnsafeMutablePointer<Float>
  package let rows: Int
  package let mode: PassMode
}

/// What is left of a batch when all its rows have passed backward.
package struct GradientPass {
  /// [rows×inputWidth]
  package let input: UnsafePointer<Float>
  /// What `backward` left there, [rows×outputWidth].
  package let outputGradient: UnsafePointer<Float>
  /// The loss by the parameters, overwritten; [parameterCount].
  package let parameterGradients: UnsafeMutablePointer<Float>
  package let rows: Int
}

/// One layer: sizes and arithmetic, no memory of its own. The workspace owns activations, the session parameters.
///
/// A batch passes through in parts of some rows, several at once. The gradients of the parameters are summed over a
/// batch in one of two ways, both the same for any number of threads: small blocks for each part, then over the parts in
/// order (`sumsByPart`); large ones over the whole batch at once, cut by parameters.
package protocol Layer: Sendable {
  /// For the names of its tensors, such as `dense`.
  var kind: String { get }
  var inputWidth: Int { get }
  var outputWidth: Int { get }
  var parameterCount: Int { get }
  /// Floats a row that the forward pass leaves for the backward pass.
  var scratchWidth: Int { get }
  /// Floats that `prepare` makes.
  var preparedCount: Int { get }
  /// `backward` reads them even where no gradient by the input is asked for.
  var alwaysPrepares: Bool { get }
  /// The output overwrites the input, and the gradient by the input overwrites that by the output.
  var worksInPlace: Bool { get }
  /// A following layer may scale the output and set units to 0 in place.
  var toleratesScaling: Bool { get }
  /// Rows of a part that suit it best.
  var preferredRows: Int { get }
  /// `backward` writes the gradients of the parameters; otherwise `gradients` does.
  var sumsByPart: Bool { get }
  /// Floats of working memory for a part of `rows` rows.
  func temporaryCount(rows: Int) -> Int
  /// The parameters' names and shapes, offsets counted from the layer's first parameter.
  func slots(prefix: String) -> [TensorSlot]
  /// Fills fresh parameters.
  func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom)
  /// Rearranges parameters for backward passes, [preparedCount].
  func prepare(_ prepared: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>)
  func forward(_ pass: ForwardPass)
  func backward(_ pass: BackwardPass)
  /// Ranges of parameters whose gradients can be computed apart, all together [0, parameterCount).
  var gradientRanges: [Range<Int>] { get }
  /// The gradients of one of `gradientRanges`.
  func gradients(_ pass: GradientPass, range: Range<Int>)
}

extension Layer {
  package var parameterCount: Int { 0 }
  package var scratchWidth: Int { 0 }
  package var preparedCount: Int { 0 }
  package var alwaysPrepares: Bool { false }
  package var worksInPlace: Bool { false }
  package var toleratesScaling: Bool { true }
  package var preferredRows: Int { 16 }
  package var sumsByPart: Bool { false }
  package func temporaryCount(rows: Int) -> Int { 0 }
  package func slots(prefix: String) -> [TensorSlot] { [] }
  package func initialise(_ parameters: UnsafeMutablePointer<Float>, random: inout SeededRandom) {}
  package func prepare(_ prepared: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>) {}
  package var gradientRanges: [Range<Int>] { [] }
  package func gradients(_ pass: GradientPass, range: Range<Int>) {}
}

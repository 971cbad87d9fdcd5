import CKernels

/// What the workspace holds for one layer.
struct LayerMemory {
  /// How much is needed.
  struct Sizes {
    let rows: Int
    let partRows: Int
    let parts: Int
    let training: Bool
  }

  /// [rows×outputWidth]; layers that work in place share their predecessor's.
  let activation: FloatBuffer
  /// Loss by activation, shared likewise; empty when made for inference.
  let gradient: FloatBuffer
  /// [rows×scratchWidth]
  let scratch: FloatBuffer
  /// [preparedCount]
  let prepared: FloatBuffer
  private let temporaries: FloatBuffer
  private let temporaryCount: Int
  private let partials: FloatBuffer
  private let partialCount: Int

  /// - Parameter previous: the layer before; nil for the first, which must not overwrite the batch.
  init(_ layer: any Layer, after previous: LayerMemory?, _ sizes: Sizes) {
    let shared = layer.worksInPlace ? previous : nil
    activation = shared?.activation ?? FloatBuffer(count: sizes.rows * layer.outputWidth)
    gradient = shared?.gradient ?? FloatBuffer(count: sizes.training ? sizes.rows * layer.outputWidth : 0)
    scratch = FloatBuffer(count: sizes.training ? sizes.rows * layer.scratchWidth : 0)
    prepared = FloatBuffer(count: sizes.training ? layer.preparedCount : 0)
    // Parts on different threads must not share a cache line.
    temporaryCount = (layer.temporaryCount(rows: sizes.partRows) + 15) / 16 * 16
    temporaries = FloatBuffer(count: sizes.parts * temporaryCount)
    partialCount = sizes.training && layer.sumsByPart ? (layer.parameterCount + 15) / 16 * 16 : 0
    partials = FloatBuffer(count: sizes.parts * partialCount)
  }

  /// Working memory of one part of the batch.
  func temporary(part: Int) -> UnsafeMutablePointer<Float> { temporaries.base + part * temporaryCount }

  /// One part's share of the gradients.
  func partialGradients(part: Int) -> UnsafeMutablePointer<Float> { partials.base + part * partialCount }

  /// target[range] = the sum of the first `parts` shares, in order.
  func sumParts(_ parts: Int, into target: UnsafeMutablePointer<Float>, range: Range<Int>) {
    let start = target + range.lowerBound
    start.update(from: partials.base + range.lowerBound, count: range.count)
    for part in 1..<max(1, parts) {
      ck_add(start, partials.base + part * partialCount + range.lowerBound, range.count)
    }
  }
}

/// What the numbers of a row mean to a layer. They lie in one order in memory, so a change of shape costs nothing.
package enum FeatureShape: Sendable, Equatable {
  case vector(Int)
  /// Steps in time, each with `width` features.
  case sequence(steps: Int, width: Int)
  /// Line by line, channels innermost.
  case image(height: Int, width: Int, channels: Int)

  /// Numbers in a row.
  package var count: Int {
    switch self {
    case .vector(let count): count
    case .sequence(let steps, let width): steps * width
    case .image(let height, let width, let channels): height * width * channels
    }
  }
}

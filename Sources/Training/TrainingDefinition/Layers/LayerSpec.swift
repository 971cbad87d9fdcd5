/// A layer as a model file describes it; sizes follow from the layer before.
package enum LayerSpec: Codable, Sendable, Equatable {
  /// Fully connected: y = x·W + b.
  case dense(units: Int)
  case relu
  case tanh
  case sigmoid
  /// Drops units with probability `rate` while training and scales the others by 1/(1 − rate).
  case dropout(rate: Double)
  /// The row read as an image of `shape` (height, width, channels), or as a sequence of `shape` (steps, features).
  case reshape(shape: [Int])
  /// The image or sequence read as a row again.
  case flatten
  /// Convolution of an image with `kernel`×`kernel` windows, stride 1, without padding.
  case conv2d(filters: Int, kernel: Int)
  /// The largest of each `size`×`size` window of an image.
  case maxPool2d(size: Int)
  /// Long short-term memory over a sequence; its last hidden state.
  case lstm(units: Int)
}

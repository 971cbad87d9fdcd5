/// What passes from one layer of a network to the next, as far as it is known without data.
package enum DataForm: Sendable, Equatable {
  /// Numbers without an order.
  case row
  /// Height, width and channels.
  case image
  /// Steps of some features each.
  case sequence

  /// How a data set's rows are read by a network of these layers: as the first of them that minds needs it.
  package init(readBy layers: [LayerSpec]) {
    self = layers.lazy.compactMap { $0.reads?.form ?? ($0 == .flatten ? .row : nil) }.first ?? .row
  }
}

extension LayerSpec {
  /// The form of data that a layer needs, and where it must stand to get it; nil where any will do.
  package var reads: (form: DataForm, place: String)? {
    switch self {
    case .dense: (.row, "preceded by a layer of type flatten")
    case .conv2d, .maxPool2d: (.image, "on images: first, or after conv2d and maxPool2d")
    case .lstm:
      (
        .sequence,
        "first: it reads the rows of an image or the columns of a table as a sequence and leaves its last state"
      )
    case .relu, .tanh, .sigmoid, .dropout, .flatten, .reshape: nil
    }
  }

  /// The form that it makes of its input; nil where it keeps it.
  package var makes: DataForm? {
    switch self {
    case .dense, .flatten, .lstm: .row
    case .conv2d, .maxPool2d: .image
    case .reshape(let shape): shape.count == 2 ? .sequence : .image
    case .relu, .tanh, .sigmoid, .dropout: nil
    }
  }

  /// The type that a request gives it.
  package var typeName: String {
    switch self {
    case .dense: "dense"
    case .conv2d: "conv2d"
    case .maxPool2d: "maxPool2d"
    case .lstm: "lstm"
    case .flatten: "flatten"
    case .dropout: "dropout"
    case .reshape: "reshape"
    case .relu: "relu"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    }
  }
}

import TrainingDefinition

/// What decides the shape of a tree, in numbers that fit one training set.
struct TreeSettings: Equatable {
  /// The impurity that a split shall decrease.
  enum Criterion: Equatable {
    /// Σ p·(1−p).
    case gini
    /// −Σ p·log2(p).
    case entropy
  }

  var criterion = Criterion.gini
  /// Most splits above a leaf.
  var maximumDepth = Int.max
  /// Fewest rows of a node that is split.
  var minimumSplit = 2
  /// Fewest rows of a leaf.
  var minimumLeaf = 1
  /// Features drawn for a split.
  var candidates: Int

  /// All features, and no limits.
  init(candidates: Int) { self.candidates = candidates }

  /// - Parameters:
  ///   - hyperparameters: those of DecisionTree or RandomForest.
  ///   - rows: of the training set: shares are shares of it, rounded up.
  ///   - width: its features; drawing more than there are means all.
  init(_ hyperparameters: Hyperparameters, rows: Int, width: Int) {
    criterion = hyperparameters.choice("criterion") == "entropy" ? .entropy : .gini
    if case .integer(let depth) = hyperparameters.value("max_depth") { maximumDepth = depth }
    minimumLeaf = max(1, Self.count(hyperparameters.value("min_samples_leaf"), of: rows))
    minimumSplit = max(2, Self.count(hyperparameters.value("min_samples_split"), of: rows), 2 * minimumLeaf)
    candidates =
      switch hyperparameters.value("max_features") {
      case .choice("sqrt"): Int(Double(width).squareRoot())
      case .choice("log2"): Int.bitWidth - 1 - width.leadingZeroBitCount
      case .integer(let count): count
      case .number(let share): Int(share * Double(width))
      default: width
      }
    candidates = min(max(1, candidates), width)
  }

  private static func count(_ value: HyperparameterValue, of rows: Int) -> Int {
    switch value {
    case .integer(let count): min(count, Int(Int32.max))
    case .number(let share): Int((share * Double(rows)).rounded(.up))
    default: 0
    }
  }
}

extension HyperparameterSpec {
  /// What a tree and a forest have in common: names, meanings and defaults of scikit-learn.
  private static let tree = [
    HyperparameterSpec(
      name: "criterion", kind: .choice(["gini", "entropy"]), defaultValue: "gini",
      summary: "The impurity that a split shall decrease."),
    HyperparameterSpec(
      name: "max_depth", kind: .optional(.integer(1...1_000_000)), defaultValue: "None",
      summary: "Most splits above a leaf; None: no limit."),
    HyperparameterSpec(
      name: "min_samples_split", kind: .either([.integer(2...Int(Int32.max)), .share]), defaultValue: "2",
      summary: "Fewest training rows of a node that is split, or their share of all."),
    HyperparameterSpec(
      name: "min_samples_leaf", kind: .either([.integer(1...Int(Int32.max)), .share]), defaultValue: "1",
      summary: "Fewest training rows of a leaf, or their share of all."),
    .randomState,
  ]

  private static func maximumFeatures(_ defaultValue: String) -> HyperparameterSpec {
    HyperparameterSpec(
      name: "max_features",
      kind: .optional(.either([.choice(["sqrt", "log2", "all"]), .integer(1...(1 << 24)), .share])),
      defaultValue: defaultValue, summary: "Features drawn for a split, or their share of all; None: all of them.")
  }

  /// DecisionTree.
  static let decisionTree = tree + [maximumFeatures("None")]

  /// RandomForest.
  static let randomForest =
    tree + [
      maximumFeatures("sqrt"),
      HyperparameterSpec(
        name: "n_estimators", kind: .integer(1...100_000), defaultValue: "100", summary: "Number of trees."),
      HyperparameterSpec(
        name: "bootstrap", kind: .flag, defaultValue: "true",
        summary: "Whether a tree learns from rows drawn with replacement; otherwise from all rows."),
      HyperparameterSpec(
        name: "oob_score", kind: .flag, defaultValue: "false",
        summary: "Whether all rows are judged by the trees that did not learn from them; needs bootstrap."),
    ]
}

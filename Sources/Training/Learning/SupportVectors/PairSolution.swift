/// A binary machine: the solution of the dual problem of one pair of classes.
package struct PairSolution: Sendable, Equatable {
  /// Places of the support vectors among the pair's rows: the first class's in the order of the examples, then the
  /// second's.
  package var places: [Int32]
  /// y·α of each of them, never 0.
  package var coefficients: [Double]
  /// decision(x) = Σ coefficient·K(support vector, x) − rho; above 0 it is the first class.
  package var rho: Double
  /// From decision values to probabilities, where they were asked for.
  package var scaling: PlattScaling?
  /// Pairs of variables moved, cross-validation included.
  package var taken: Int
  /// By how much the worst pair of rows violates the optimality conditions.
  package var gap: Double
  /// The value of the dual objective, ½·βᵀKβ − yᵀβ; libsvm prints it as obj.
  package var objective: Double
  /// Mean of max(0, 1 − y·decision) over the pair's rows.
  package var hingeLoss: Double
  /// Share of the pair's rows on their side of the boundary.
  package var accuracy: Double

  /// The machine of a pair one of whose classes has no rows: always the other, and as good as certain of it.
  static func constant(firstExists: Bool, secondExists: Bool) -> PairSolution {
    PairSolution(
      places: [], coefficients: [], rho: firstExists == secondExists ? 0 : firstExists ? -1 : 1,
      scaling: PlattScaling(a: -16, b: 0), taken: 0, gap: 0, objective: 0, hingeLoss: 0, accuracy: 1)
  }
}

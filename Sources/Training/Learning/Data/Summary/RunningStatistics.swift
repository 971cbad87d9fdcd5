/// Count, range, mean and deviation of numbers that come one by one.
///
/// The mean and the sum of squares are carried on as B. P. Welford does ("Note on a method for calculating corrected sums of
/// squares and products", 1962): nothing is lost where the numbers are large and lie close together.
package struct RunningStatistics: Sendable, Hashable {
  package private(set) var count = 0
  package private(set) var minimum = Double.infinity
  package private(set) var maximum = -Double.infinity
  private var runningMean = 0.0
  private var squares = 0.0

  package init() {}

  /// Takes a finite number, `times` times.
  package mutating func add(_ value: Double, times: Int = 1) {
    guard times > 0 else { return }
    count += times
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    let difference = value - runningMean
    runningMean += difference * (Double(times) / Double(count))
    squares += difference * (value - runningMean) * Double(times)
  }

  /// nil without any number.
  package var mean: Double? { count > 0 ? runningMean : nil }
  /// The population's standard deviation, as the scaler of a model has it; nil without any number.
  package var deviation: Double? { count > 0 ? (max(0, squares) / Double(count)).squareRoot() : nil }
}

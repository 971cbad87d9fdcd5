import CoreMetrics
import Synchronization

/// What the text format calls a family's type.
enum PrometheusType: String, Sendable {
  case counter, gauge, histogram
}

/// One series of a family: it writes its own lines.
protocol PrometheusSeries: AnyObject, Sendable {
  /// - Parameters:
  ///   - labels: the series' own labels as `a="1",b="2"`; empty for none.
  func write(name: String, labels: String, to text: inout String)
}

func writeSample(_ name: String, _ labels: String, _ value: String, to text: inout String) {
  text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
}

/// A count that only grows.
final class PrometheusCounter: CounterHandler, FloatingPointCounterHandler, PrometheusSeries {
  private let value = Mutex(0.0)

  func increment(by amount: Int64) { increment(by: Double(amount)) }
  func increment(by amount: Double) {
    guard amount > 0 else { return }
    value.withLock { $0 += amount }
  }
  func reset() { value.withLock { $0 = 0 } }
  func write(name: String, labels: String, to text: inout String) {
    writeSample(name, labels, PrometheusText.number(value.withLock { $0 }), to: &text)
  }
}

/// A value that goes up and down.
final class PrometheusGauge: RecorderHandler, MeterHandler, PrometheusSeries {
  private let value = Mutex(0.0)

  func record(_ new: Int64) { set(Double(new)) }
  func record(_ new: Double) { set(new) }
  func set(_ new: Int64) { set(Double(new)) }
  func set(_ new: Double) { value.withLock { $0 = new } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func write(name: String, labels: String, to text: inout String) {
    writeSample(name, labels, PrometheusText.number(value.withLock { $0 }), to: &text)
  }
}

/// A distribution over buckets; of durations in seconds.
final class PrometheusHistogram: TimerHandler, RecorderHandler, PrometheusSeries {
  private struct Counts {
    /// Observations at or below each bound and above the one before; the last for those above all.
    var buckets: [UInt64]
    var sum = 0.0
  }
  private let bounds: [Double]
  private let counts: Mutex<Counts>

  /// - Parameter bounds: the buckets' upper bounds, rising.
  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count + 1)))
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) {
    guard !value.isNaN else { return }
    // A bound belongs to its bucket (`le`).
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    counts.withLock { counts in
      counts.buckets[index] += 1
      counts.sum += value
    }
  }

  func write(name: String, labels: String, to text: inout String) {
    let counts = counts.withLock { $0 }
    let comma = labels.isEmpty ? "" : ","
    var cumulative: UInt64 = 0
    for (index, count) in counts.buckets.enumerated() {
      cumulative += count
      let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
      writeSample("\(name)_bucket", "\(labels)\(comma)le=\"\(bound)\"", String(cumulative), to: &text)
    }
    writeSample("\(name)_sum", labels, PrometheusText.number(counts.sum), to: &text)
    writeSample("\(name)_count", labels, String(cumulative), to: &text)
  }
}

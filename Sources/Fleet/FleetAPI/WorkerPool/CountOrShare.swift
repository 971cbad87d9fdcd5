/// A count, or a share of a whole in percent, as Kubernetes writes both in one field (`intstr.IntOrString`).
package enum CountOrShare: Sendable, Hashable, Codable {
  case count(Int)
  /// From 1 to 100.
  case percent(Int)
  /// What is neither: kept as it was written, to be refused with a reason.
  case unreadable(String)

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
      return
    }
    let text = try container.decode(String.self)
    if text.hasSuffix("%"), let percent = Int(text.dropLast()) {
      self = .percent(percent)
    } else {
      self = Int(text).map { .count($0) } ?? .unreadable(text)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let count): try container.encode(count)
    case .percent(let percent): try container.encode("\(percent)%")
    case .unreadable(let text): try container.encode(text)
    }
  }

  /// How many that is of `whole`: a share is rounded up, as Kubernetes does for surge; at least 1, or nothing would move.
  package func of(_ whole: Int) -> Int {
    switch self {
    case .count(let count): max(1, count)
    case .percent(let percent): max(1, (whole * percent + 99) / 100)
    case .unreadable: 1
    }
  }
}

extension WorkerPoolSpec {
  /// One of ten: a pool of up to ten workers changes one after the other.
  package static let defaultMaxUnavailable = CountOrShare.percent(10)

  /// How many workers may be unavailable while the pool changes to a new spec.
  package var unavailableAtMost: Int { (maxUnavailable ?? Self.defaultMaxUnavailable).of(replicas) }
}

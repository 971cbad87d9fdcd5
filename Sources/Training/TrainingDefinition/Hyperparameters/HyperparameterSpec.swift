/// One hyperparameter an algorithm has: its name, what it may be, what it is when nobody says.
package struct HyperparameterSpec: Sendable, Equatable {
  /// What values are allowed.
  package enum Kind: Sendable, Equatable {
    /// A whole number within bounds, ends included.
    case integer(ClosedRange<Int>)
    /// A finite number within bounds; the lower one is included where `zeroAllowed`, the upper never unless infinite.
    case number(from: Double, zeroAllowed: Bool, below: Double)
    /// One of some words.
    case choice([String])
    /// A share: a number above 0 and at most 1, written with a point or an exponent. "1" is a count, not a share.
    case share
    /// True or false.
    case flag
    /// "None" or nothing at all, or what the other kind allows.
    indirect case optional(Kind)
    /// What the first of these kinds that accepts it makes of it.
    indirect case either([Kind])
    /// One of some words, or a finite number above 0.
    case choiceOrPositive([String])
  }

  package let name: String
  package let kind: Kind
  /// In the text form a user would write.
  package let defaultValue: String
  /// For documentation and error messages.
  package let summary: String

  /// The value in its plain form.
  /// - Throws: `invalidHyperparameter` saying what would be right.
  package func parse(_ text: String) throws(TrainingProblem) -> HyperparameterValue {
    if let value = kind.value(of: text) { return value }
    throw .invalidHyperparameter(name: name, value: text, expected: expectation)
  }

  /// What a value must be, in words.
  package var expectation: String { kind.expectation }
}

extension HyperparameterSpec.Kind {
  /// What `text` means; nil where it is not of this kind.
  fileprivate func value(of text: String) -> HyperparameterValue? {
    switch self {
    case .integer(let bounds):
      if let value = Int(text), bounds.contains(value) { return .integer(value) }
    case .number(let from, let zeroAllowed, let below):
      if let value = Double(text), value.isFinite, zeroAllowed ? value >= from : value > from, value < below {
        return .number(value)
      }
    case .choice(let words):
      if let word = words.first(where: { $0 == text.lowercased() }) { return .choice(word) }
    case .share:
      if Int(text) == nil, let value = Double(text), value > 0, value <= 1 { return .number(value) }
    case .flag:
      if let value = Bool(text.lowercased()) { return .flag(value) }
    case .optional(let kind):
      return text.isEmpty || text.lowercased() == "none" ? .absent : kind.value(of: text)
    case .either(let kinds):
      return kinds.lazy.compactMap { $0.value(of: text) }.first
    case .choiceOrPositive(let words):
      if let word = words.first(where: { $0 == text.lowercased() }) { return .choice(word) }
      if let value = Double(text), value.isFinite, value > 0 { return .number(value) }
    }
    return nil
  }

  fileprivate var expectation: String {
    switch self {
    case .integer(let bounds): "an integer from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .number(let from, let zeroAllowed, let below):
      (from.isFinite ? "a number \(zeroAllowed ? "from" : "above") \(from)" : "a finite number")
        + (below.isFinite ? " to below \(below)" : "")
    case .choice(let words): words.joined(separator: " or ")
    case .share: "a number with a point above 0.0 and at most 1.0"
    case .flag: "true or false"
    case .optional(let kind): "None or \(kind.expectation)"
    case .either(let kinds): kinds.map(\.expectation).joined(separator: " or ")
    case .choiceOrPositive(let words): words.joined(separator: ", ") + " or a number above 0"
    }
  }
}

/// A hyperparameter's value once it is checked.
package enum HyperparameterValue: Sendable, Hashable {
  case integer(Int)
  case number(Double)
  case choice(String)
  case flag(Bool)
  /// Said to be none.
  case absent
}

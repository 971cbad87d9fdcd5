/// Two classes that one binary machine tells apart; the first is the positive one, as in libsvm.
package struct ClassPair: Sendable, Equatable {
  package let first: Int
  package let second: Int

  /// All pairs of `classes`, in libsvm's order: (0, 1), (0, 2), …, (1, 2), ….
  package static func all(classes: Int) -> [ClassPair] {
    (0..<classes).flatMap { first in
      ((first + 1)..<max(classes, first + 1)).map { ClassPair(first: first, second: $0) }
    }
  }

  /// Number of pairs of `classes`.
  package static func count(classes: Int) -> Int { classes * (classes - 1) / 2 }
}

/// A word out of a list, as somebody wrote it: perhaps one that this version does not know, from another release or by
/// mistake. It can still be read, to be refused with a reason.
package struct Open<Word>: Sendable, Hashable, RawRepresentable, Codable
where Word: RawRepresentable & CaseIterable & Sendable, Word.RawValue == String {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ word: Word) { rawValue = word.rawValue }

  /// The word of the list; nil where it is none of them.
  package var known: Word? { Word(rawValue: rawValue) }

  package static func == (open: Self, word: Word) -> Bool { open.rawValue == word.rawValue }
  package static func != (open: Self, word: Word) -> Bool { !(open == word) }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
  /// All words of the list.
  package static var words: [String] { allCases.map(\.rawValue) }

  /// The word that `text` is, in upper or lower case.
  package init?(anyCase text: String) {
    guard let word = Self.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else { return nil }
    self = word
  }
}

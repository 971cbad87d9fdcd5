/// Takes secrets out of texts that others wrote.
struct Scrubber: Sendable {
  /// The longest first: one may be a part of another.
  private let secrets: [String]

  init(_ secrets: [String]) {
    self.secrets = Set(secrets).filter { !$0.isEmpty }.sorted { ($1.count, $0) < ($0.count, $1) }
  }

  func scrub(_ text: String) -> String {
    secrets.reduce(text) { $0.replacing($1, with: "***") }
  }
}

extension Scrubber: CustomStringConvertible, CustomReflectable {
  var description: String { "Scrubber" }
  /// Whatever has one, however far away, shows no secret when it is dumped.
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

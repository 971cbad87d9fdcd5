/// How a reconcile ended that did not fail.
public enum ReconcileResult: Sendable, Hashable {
  /// The world is as it should be, as far as is known: come back on a change.
  case done
  /// Come back after this time at the latest.
  case requeue(after: Duration)
}

/// A failure that trying again does not mend: the key is left alone until its object changes.
public struct TerminalError: Error, CustomStringConvertible {
  public let message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// Why no way to an API server could be made of what is configured; says what to do, and holds no secret.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// Why no way to an API server could be made of what is configured; says what to do, and holds no secret.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

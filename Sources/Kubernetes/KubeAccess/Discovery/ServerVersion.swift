/// What a server says of itself at `/version` (`version.Info`).
public struct ServerVersion: Sendable, Hashable, Codable, CustomStringConvertible {
  /// `1`.
  public var major: String
  /// `20`; managed clusters add a sign, as in `27+`.
  public var minor: String
  /// The whole version: `v1.20.2`.
  public var gitVersion: String

  public init(major: String, minor: String, gitVersion: String) {
    self.major = major
    self.minor = minor
    self.gitVersion = gitVersion
  }

  /// Major and minor as numbers; nil where the server gives none.
  public var numbers: (major: Int, minor: Int)? {
    guard let major = Int(major.prefix { $0.isNumber }), let minor = Int(minor.prefix { $0.isNumber }) else {
      return nil
    }
    return (major, minor)
  }

  /// True for this version and all later ones; false where the server's version is not known.
  public func isAtLeast(_ major: Int, _ minor: Int) -> Bool { numbers.map { $0 >= (major, minor) } ?? false }

  public var description: String { gitVersion }
}

import FleetAPI
import KubeTypes

/// Reads the environment that the command line gives to all workers.
enum WorkerEnvironment {
  /// `NAME=VALUE`.
  static func plain(_ items: [String]) -> [EnvVar] {
    items.compactMap { item in
      guard let (name, value) = pair(item, "=") else { return nil }
      return EnvVar(name: name, value: value)
    }
  }

  /// `NAME=SECRET/KEY`; nil for a text that is not so.
  static func secret(_ item: String) -> EnvVar? {
    guard let (name, reference) = pair(item, "="), let (secret, key) = pair(reference, "/"),
      TextSyntax.environmentName.accepts(name), TextSyntax.objectName.accepts(secret), !key.isEmpty, !key.contains("/")
    else { return nil }
    return EnvVar(name: name, valueFrom: EnvVarSource(secretKeyRef: .init(name: secret, key: key)))
  }

  private static func pair(_ text: String, _ separator: Character) -> (String, String)? {
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }
}

import CommandLineKit
import FleetAPI
import Foundation

/// Where a command looks for its registry.
package enum RegistryLocation {
  /// What is given, else what the environment says, else the place of this user.
  /// - Returns: the location, and whether anybody chose it.
  package static func resolve(
    _ option: String?, environment: [String: String]
  ) -> (location: String, isChosen: Bool) {
    if let option { return (option, true) }
    if let location = environment[Fleet.Environment.registry], !location.isEmpty { return (location, true) }
    return ("\(environment["HOME"] ?? ".")/.local/share/tensorfleet", false)
  }

  /// What is wrong with an option that gives a location; nil where nothing is. The option's value is not in it: other users of
  /// the machine see command lines, and a terminal keeps what is printed.
  package static func refusal(of option: String) -> String? {
    if option.isEmpty { return "--registry is empty; give a directory, or leave it out." }
    guard URIPassword.mayBeInLocation(option) else { return nil }
    let variable = Fleet.Environment.registry
    return """
      --registry has a password in it, which every user of this machine could read in the list of processes. Put the \
      location into the environment instead and leave --registry out: read -rs \(variable) && export \(variable)
      """
  }
  /// Whether a location is a directory of this machine that does not exist.
  static func isMissingDirectory(_ location: String) -> Bool {
    if location.contains("://"), !location.hasPrefix("file://") { return false }
    let path = location.hasPrefix("file://") ? URL(string: location)?.path ?? "" : location
    return !FileManager.default.fileExists(atPath: path)
  }
}

import ArgumentParser
import CommandLineKit
import Registries

/// Which registry a command works with.
struct RegistryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The registry: a directory, or a mongodb:// URI without a password. $TENSORFLEET_REGISTRY, or "
        + "~/.local/share/tensorfleet.", valueName: "location"),
    completion: .directory)
  var registry: String?

  func validate() throws {
    if let registry, let refusal = RegistryLocation.refusal(of: registry) { throw ValidationError(refusal) }
  }

  /// Opens the registry.
  /// - Parameter making: whether a directory that does not exist is made; nobody who only asks wants that.
  /// - Throws: `RegistryFailure`, `RegistryError`.
  func open(_ console: Console, making: Bool = false) throws -> any Registry {
    let (location, isChosen) = RegistryLocation.resolve(registry, environment: console.environment)
    if isChosen, !making, RegistryLocation.isMissingDirectory(location) {
      throw RegistryFailure(
        "there is no directory \(location) to be the registry; check --registry and $TENSORFLEET_REGISTRY",
        exitCode: ExitStatus.unavailable)
    }
    return try console.open(location)
  }
}

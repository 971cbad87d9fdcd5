import ArgumentParser

/// Asks before something is removed for good.
struct Confirmation: ParsableArguments {
  @Flag(name: [.customShort("y"), .long], help: "Do not ask.")
  var yes = false

  /// - Parameter what: `model iris v3`.
  /// - Throws: `RegistryFailure` where the answer is no, or nobody is there to give one.
  func confirm(_ what: String, _ console: Console) throws(RegistryFailure) {
    if yes { return }
    guard let ask = console.ask else {
      throw RegistryFailure("\(what) would be removed for good; give --yes", exitCode: ExitStatus.usage)
    }
    let answer = ask("Remove \(what) for good? [y/N] ") ?? ""
    guard ["y", "yes"].contains(answer.lowercased()) else { throw RegistryFailure("nothing is removed") }
  }
}

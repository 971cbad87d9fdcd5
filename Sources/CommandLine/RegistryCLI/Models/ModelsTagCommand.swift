import ArgumentParser
import CommandLineKit
import Registries

/// `tensorfleet models tag`.
struct ModelsTagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Gives tags to a version of a model and takes others from it.",
    discussion: """
      +TAG (or TAG) gives a tag and TAG- takes it away, as kubectl label does. NAME@TAG means \
      the newest version with the tag; with --move no other version keeps it.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models tag iris@v3 +production --move
        \(Invocation.name) models tag iris@v3 +candidate experimental-
        \(Invocation.name) models tag iris --add best --remove candidate
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "NAME, NAME@vN or NAME@TAG.", completion: NameCompletion.models)
  var model: String

  @Argument(help: "+TAG to give, TAG- to take away.")
  var changes: [String] = []

  @Option(help: ArgumentHelp("A tag to give. May be repeated.", valueName: "tag"))
  var add: [String] = []

  @Option(help: ArgumentHelp("A tag to take away. May be repeated.", valueName: "tag"))
  var remove: [String] = []

  @Flag(help: "Take the given tags from all other versions of the model.")
  var move = false

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let (adding, removing) = try wanted()
      let registry = try registry.open(console)
      let record = try await registry.model(model)
      let name = record.info.name
      let tagged = try await registry.tagModel(name, version: record.version, adding: adding, removing: removing)
      if move {
        // Given first and taken then: in between there are two, but never none.
        for other in try await registry.listModels(ModelQuery(name: name)).items where other.version != record.version {
          let had = adding.filter(other.tags.contains)
          if had.isEmpty { continue }
          _ = try await registry.tagModel(name, version: other.version, adding: [], removing: had)
          console.say("model/\(name) \(other.version) no longer: \(had.joined(separator: ", "))")
        }
      }
      let tags = tagged.tags.isEmpty ? "none" : tagged.tags.joined(separator: ", ")
      console.say("model/\(name) \(tagged.version) tags: \(tags)")
    }
  }

  /// The tags to give and to take away.
  private func wanted() throws -> (adding: [String], removing: [String]) {
    var (adding, removing) = (add, remove)
    for change in changes {
      if change.hasPrefix("+") {
        adding.append(String(change.dropFirst()))
      } else if change.hasSuffix("-") {
        removing.append(String(change.dropLast()))
      } else {
        adding.append(change)
      }
    }
    guard !(adding + removing).isEmpty else {
      throw RegistryFailure("no tag is given; +TAG gives one and TAG- takes it away", exitCode: ExitStatus.usage)
    }
    if let both = adding.first(where: removing.contains) {
      throw RegistryFailure("the tag \"\(both)\" is both to be given and to be taken away", exitCode: ExitStatus.usage)
    }
    for tag in adding + removing { try RegistryName.checked(tag, "tag") }
    return (adding, removing)
  }
}

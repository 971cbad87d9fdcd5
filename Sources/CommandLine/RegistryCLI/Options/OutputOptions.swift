import ArgumentParser

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, wide, json, yaml, name
}

/// The options of commands that print records.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "How it is printed; wide has more columns, name is one name a line, for scripts.")
  var output = OutputFormat.table

  @Flag(help: "Leave out the table's line of column names.")
  var noHeaders = false
}

/// The options of commands that list records.
struct ListOptions: ParsableArguments {
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Only what is from this time or later: 7d, 12h, 2026-11-30, or an RFC 3339 time.", valueName: "time"))
  var since: TimeSince?

  @Option(
    help: ArgumentHelp(
      "What to sort by; see above. Newest, largest and best come first.",
      valueName: "key"))
  var sortBy: String?

  @Flag(
    name: [.customLong("reverse"), .customLong("descending"), .customShort("r")], help: "Sort the other way round.")
  var reverse = false

  @Option(help: ArgumentHelp("At most so many. Default: all; with --page 20.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Which page, from 1.", valueName: "n"))
  var page: Int?

  static let defaultLimit = 20

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit); it must be 1 or more.") }
    if let page, page < 1 { throw ValidationError("--page is \(page); it must be 1 or more.") }
  }
}

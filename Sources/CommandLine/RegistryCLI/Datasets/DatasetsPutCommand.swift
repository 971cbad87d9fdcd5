import ArgumentParser
import CommandLineKit
import Foundation
import Registries
import TrainingDefinition

/// `tensorfleet datasets put`.
struct DatasetsPutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put",
    abstract: "Keeps a file, or the files of a directory, as the newest version of a data set.",
    discussion: """
      The same contents make no second version. CSV and IDX files are read first, for their \
      schema and statistics; rows that training would refuse are warned of, and kept all the same.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) datasets put iris config/samples/iris.csv
        \(Invocation.name) datasets put mnist ./mnist
        \(Invocation.name) datasets put blob data.bin --no-summary
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "What the data set is to be called.", completion: NameCompletion.datasets)
  var name: String

  @Argument(help: "A file or a directory.", completion: .file())
  var path: String

  @Option(help: ArgumentHelp("csv or idx, where the name does not tell.", valueName: "format"))
  var format: DatasetFormat?

  @Flag(help: "The CSV file has no line of column names.")
  var noHeader = false

  @Flag(help: "Keep the files without looking into them.")
  var noSummary = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  @Option(name: .shortAndLong, help: "How the record is printed; table is one line.")
  var output = OutputFormat.table

  func run() async throws {
    try await RegistryFailure.guarding { console in
      try RegistryName.checked(name, "data set name")
      guard FileManager.default.fileExists(atPath: path) else {
        throw RegistryFailure("there is no file or directory \(path)")
      }
      let registry = try registry.open(console, making: true)
      let display = TransferDisplay(console, quiet: quiet)
      let inspector = noSummary ? nil : DatasetInspector(format: format, header: !noHeader)
      let (name, path) = (name, path)
      let (record, warnings) = try await Interruptible.run(console) {
        defer { display.end() }
        let inspection = try inspector?.inspect(path) { display.show($0) }
        let reading = TransferDisplay(console, quiet: quiet)
        defer { reading.end() }
        let record = try await registry.putDataset(
          name, from: path, summary: inspection?.summary, progress: reading.progress)
        return (record, inspection?.warnings ?? [])
      }
      for warning in warnings { console.complain("warning: \(warning)") }
      try tell(record, in: registry, console)
    }
  }

  private func tell(_ record: DatasetRecord, in registry: any Registry, _ console: Console) throws {
    let printer = RecordPrinter(format: output, console: console)
    if try printer.encodes(DatasetView(record)) { return }
    if output == .name { return console.say("\(record.name)@\(record.version)") }
    let rows = record.summary.map { "\($0.rows) rows of \($0.columns.count) columns, " } ?? ""
    let files = record.files.count == 1 ? "" : "\(record.files.count) files, "
    console.say("dataset/\(record.name) \(record.version.shortVersion): \(rows)\(files)\(Figures.bytes(record.size))")
  }
}

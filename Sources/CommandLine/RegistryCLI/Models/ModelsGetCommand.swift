import ArgumentParser
import Basics
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet models get`.
struct ModelsGetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Brings the files of a model to this machine.",
    discussion: """
      Files are called NAME-VERSION.onnx and so on. Each is checked against its SHA-256 and \
      appears whole or not at all. onnx is for any ONNX runtime, safetensors for \
      '\(Invocation.name) predict' and for training tools.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models get iris
        \(Invocation.name) models get iris@v2 --format safetensors -d ./models
        \(Invocation.name) models get iris@production --format onnx -o /srv/iris.onnx --force
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "NAME, NAME@vN or NAME@TAG.", completion: NameCompletion.models)
  var model: String

  @Option(help: ArgumentHelp("Only this file: onnx or safetensors. Default: all of them.", valueName: "format"))
  var format: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the files go; made where it does not exist. Default: here.", valueName: "dir"),
    completion: .directory)
  var directory: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write, with --format; - is standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "Replace files of the same name that are different.")
  var force = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    guard let output else { return }
    if OutputFormat(rawValue: output) != nil {
      throw ValidationError(
        "get fetches a model's files; '\(Invocation.name) models show \(model) -o \(output)' prints its record. "
          + "For a file of that name: --output ./\(output)")
    }
    if format == nil { throw ValidationError("--output is one file; say which with --format onnx or safetensors.") }
    if directory != nil { throw ValidationError("--directory and --output exclude each other.") }
  }

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.model(model)
      let files = try wanted(record)
      if output == "-" {
        let bytes = try await Interruptible.run(console) {
          try await registry.modelFile(record.info.name, version: record.version, file: files[0].file.name)
        }
        return console.results(Data(bytes))
      }
      if let directory { try AtomicFile.makeDirectory(directory) }
      let display = TransferDisplay(console, quiet: quiet)
      let force = force
      let total = files.reduce(0) { $0 + $1.file.size }
      try await Interruptible.run(console) {
        defer { display.end() }
        if !force { for (file, path) in files { try ExistingFile.refuse(file, at: path) } }
        var done = 0
        for (file, path) in files {
          display.show(Transfer(file: file.name, done: done, total: total))
          let bytes = try await registry.modelFile(record.info.name, version: record.version, file: file.name)
          guard SHA256.hex(of: bytes) == file.sha256 else {
            throw RegistryError.damaged(what: "model \(record.id)", detail: "\(file.name) has another checksum")
          }
          try Task.checkCancellation()
          try AtomicFile.write(Data(bytes), to: path)
          done += file.size
          display.show(Transfer(file: file.name, done: done, total: total))
        }
      }
      for (_, path) in files { console.say(path) }
    }
  }

  /// The files that are asked for, and their paths.
  private func wanted(_ model: ModelRecord) throws(RegistryFailure) -> [(file: StoredFile, path: String)] {
    var files = model.files
    if let format {
      let ending = "." + (format.hasPrefix(".") ? String(format.dropFirst()) : format).lowercased()
      files = files.filter { $0.name.lowercased().hasSuffix(ending) }
      guard !files.isEmpty else {
        throw RegistryFailure(
          "model \(model.info.name) \(model.version) has no file in the format \"\(format)\"; it has "
            + model.files.map(\.name).listed)
      }
    }
    if let output {
      guard files.count == 1 else {
        throw RegistryFailure("\(files.count) files are of that format; leave --output out, or give --directory")
      }
      var isDirectory: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isDirectory)
      return exists && isDirectory.boolValue
        ? [(files[0], Self.path(model, files[0].name, in: output))] : [(files[0], output)]
    }
    return files.map { ($0, Self.path(model, $0.name, in: directory)) }
  }

  /// `model.onnx` of iris v2 is iris-v2.onnx.
  static func path(_ model: ModelRecord, _ file: String, in directory: String?) -> String {
    let base = "\(model.info.name)-\(model.version)"
    let name = file.hasPrefix("model.") ? base + file.dropFirst("model".count) : "\(base)-\(file)"
    guard let directory else { return name }
    return directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }
}

import FleetAPI
import Foundation

/// Writes what is generated from the API's types: the CRDs, with CEL rules, and without them for servers that do not know
/// these. Run by hack/generate.
@main
enum FleetCodegen {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 1, let directory = arguments.first else {
      FileHandle.standardError.write(Data("usage: fleet-codegen DIRECTORY\n".utf8))
      exit(2)
    }
    try write(CustomResourceDefinitions.files(cel: true), to: directory)
    try write(CustomResourceDefinitions.files(cel: false), to: directory + "/v1.20-1.24")
  }

  private static func write(_ files: [(name: String, text: String)], to directory: String) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for file in files {
      try Data(file.text.utf8).write(to: URL(filePath: "\(directory)/\(file.name)"), options: .atomic)
    }
  }
}

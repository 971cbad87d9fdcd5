import Basics
import FleetAPI
import Foundation
import KubeTypes

/// Where the relative data set paths of a file lead: to the data directory if one is given, else to the file's own directory.
package enum DatasetPaths {
  /// The object with an absolute path in the place of a relative one.
  package static func resolve(_ object: ManifestObject, dataDirectory: String?) -> ManifestObject {
    guard object.definition == TrainingJob.definition,
      let uri = object.content[path: ["spec", "dataset", "uri"]]?.stringValue, isRelative(uri)
    else { return object }
    let home = object.file == "-" ? "." : URL(filePath: object.file).deletingLastPathComponent().path
    let base = URL(filePath: dataDirectory ?? home, directoryHint: .isDirectory)
    var object = object
    object.content[path: ["spec", "dataset", "uri"]] = .string(base.appending(path: uri).standardizedFileURL.path)
    return object
  }

  static func isRelative(_ uri: String) -> Bool { !uri.isEmpty && !uri.hasPrefix("/") && !uri.contains("://") }
}

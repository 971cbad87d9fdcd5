#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which files make a data set: the file at a path, or the plain, visible files of the directory there.
enum DatasetSource {
  static func files(at path: String) throws(RegistryError) -> [(name: String, path: String)] {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .io(operation: "read", path: path, detail: "no such file or directory", retryable: false)
    }
    guard isDirectory else { return [(URL(filePath: path).lastPathComponent, path)] }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw .io(operation: "list", path: path, detail: "it cannot be read", retryable: true)
    }
    let files = names.sorted().filter { name in
      var isDirectory = false
      return !name.hasPrefix(".")
        && FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory) && !isDirectory
    }
    guard !files.isEmpty else { throw .invalidContents(detail: "\(path) holds no files to make a data set of") }
    return files.map { ($0, "\(path)/\($0)") }
  }

  /// Bytes of these files, as far as that can be told.
  static func size(of files: [(name: String, path: String)]) -> Int {
    files.reduce(0) { sum, file in
      sum + ((try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0)
    }
  }
}

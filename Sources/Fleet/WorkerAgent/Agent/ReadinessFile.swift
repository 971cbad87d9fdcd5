#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How a worker without a server tells the kubelet that it is ready: a file that an exec probe looks for.
package struct ReadinessFile: Sendable {
  package static let environment = "TENSORFLEET_READY_FILE"
  package static let defaultPath = "/tmp/ready"

  package let path: String
  package init(path: String) { self.path = path }

  package var exists: Bool { FileManager.default.fileExists(atPath: path) }
  package func create() throws { try Data().write(to: URL(filePath: path)) }
  /// Removes the file; one that is not there is no error.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }
}

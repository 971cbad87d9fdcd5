import KubeTypes

@testable import KubeRuntime

/// A small object for tests.
struct Note: KubeObject, Equatable {
  static let definition = ResourceDefinition(group: "tests.io", version: "v1", plural: "notes", kind: "Note")
  var apiVersion: String? = "tests.io/v1"
  var kind: String? = "Note"
  var metadata: ObjectMeta
  var text: String

  init(_ name: String, uid: String = "u1", version: Int = 1, text: String = "", labels: [String: String]? = nil) {
    metadata = ObjectMeta(name: name, namespace: "ns", labels: labels)
    metadata.uid = uid
    metadata.resourceVersion = String(version)
    self.text = text
  }
}

extension ObjectKey {
  static func note(_ name: String) -> ObjectKey { ObjectKey(namespace: "ns", name: name) }
}

extension ObjectChange where Object == Note {
  /// In few words, for comparison.
  var summary: String {
    switch self {
    case .applied(nil, let new): "+\(new.name)@\(new.resourceVersion)"
    case .applied(let old?, let new): "~\(new.name)@\(old.resourceVersion)->\(new.resourceVersion)"
    case .deleted(let last): "-\(last.name)@\(last.resourceVersion)"
    }
  }
}

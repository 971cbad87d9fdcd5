import KubeTypes

/// An object as it came from the server, or, where it cannot be read as an `Object`, who it is and why not: one bad object must not
/// keep a cache from the others.
enum Readable<Object: KubeObject>: Codable, Sendable {
  case object(Object)
  case unreadable(key: ObjectKey, resourceVersion: String?, why: String)

  private struct Identity: Decodable { var metadata: ObjectMeta? }

  init(from decoder: any Decoder) throws {
    do { self = .object(try Object(from: decoder)) } catch {
      let identity = try Identity(from: decoder).metadata
      self = .unreadable(
        key: ObjectKey(namespace: identity?.namespace ?? "", name: identity?.name ?? ""),
        resourceVersion: identity?.resourceVersion, why: String(describing: error))
    }
  }

  func encode(to encoder: any Encoder) throws {
    if case .object(let object) = self { try object.encode(to: encoder) }
  }
}

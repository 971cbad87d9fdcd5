import Mongo
import Synchronization

/// One MongoDB database as registries of this process share it: the connections, and that its schema has been seen to.
final class MongoStore: Sendable {
  let client: MongoClient
  let schema: SchemaGate
  let codec = FrameCodec()
  let readers = FrameReaders()

  init(_ client: MongoClient) {
    self.client = client
    schema = SchemaGate(client)
  }

  private struct Weak: Sendable {
    weak var store: MongoStore?
  }
  private static let stores = Mutex<[MongoURI: Weak]>([:])

  /// The store of this URI; there is one for all who have it open at a time.
  static func shared(_ uri: MongoURI) -> MongoStore {
    stores.withLock { stores in
      if let store = stores[uri]?.store { return store }
      let store = MongoStore(MongoClient(uri, options: MongoOptions(appName: "tensorfleet")))
      stores = stores.filter { $0.value.store != nil }
      stores[uri] = Weak(store: store)
      return store
    }
  }
}

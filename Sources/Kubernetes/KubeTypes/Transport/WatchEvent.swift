/// One line of a watch (`metav1.WatchEvent`).
public enum WatchEvent<Object: Sendable>: Sendable {
  case added(Object)
  case modified(Object)
  case deleted(Object)
  /// The server's word that all up to this resource version has been sent (KEP-956).
  case bookmark(resourceVersion: String)
  /// The watch cannot go on; 410 means that a new list is needed.
  case error(Status)
}

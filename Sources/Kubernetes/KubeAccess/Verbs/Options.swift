import KubeTypes

/// Which objects of a collection, and how many at a time.
public struct ListOptions: Sendable {
  public var labelSelector: String?
  public var fieldSelector: String?
  /// Items a page; nil asks for all at once.
  public var limit: Int?
  public var `continue`: String?
  /// `0` allows any version the server has cached; nil asks for the newest.
  public var resourceVersion: String?

  public init(
    labelSelector: String? = nil, fieldSelector: String? = nil, limit: Int? = nil, continue: String? = nil,
    resourceVersion: String? = nil
  ) {
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.limit = limit
    self.continue = `continue`
    self.resourceVersion = resourceVersion
  }

  var query: [(name: String, value: String)] {
    var items: [(name: String, value: String)] = []
    if let labelSelector { items.append(("labelSelector", labelSelector)) }
    if let fieldSelector { items.append(("fieldSelector", fieldSelector)) }
    if let limit { items.append(("limit", String(limit))) }
    if let `continue`, !`continue`.isEmpty { items.append(("continue", `continue`)) }
    if let resourceVersion { items.append(("resourceVersion", resourceVersion)) }
    return items
  }
}

/// From where and for how long to watch a collection.
public struct WatchOptions: Sendable {
  public var labelSelector: String?
  public var fieldSelector: String?
  public var resourceVersion: String?
  public var allowBookmarks: Bool
  /// When the server shall end the watch by itself.
  public var timeoutSeconds: Int?

  public init(
    labelSelector: String? = nil, fieldSelector: String? = nil, resourceVersion: String? = nil,
    allowBookmarks: Bool = true, timeoutSeconds: Int? = nil
  ) {
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.resourceVersion = resourceVersion
    self.allowBookmarks = allowBookmarks
    self.timeoutSeconds = timeoutSeconds
  }

  var query: [(name: String, value: String)] {
    var items: [(name: String, value: String)] = [("watch", "true")]
    if let labelSelector { items.append(("labelSelector", labelSelector)) }
    if let fieldSelector { items.append(("fieldSelector", fieldSelector)) }
    if let resourceVersion { items.append(("resourceVersion", resourceVersion)) }
    if allowBookmarks { items.append(("allowWatchBookmarks", "true")) }
    if let timeoutSeconds { items.append(("timeoutSeconds", String(timeoutSeconds))) }
    return items
  }
}

/// What becomes of an object's dependents when it is deleted.
public enum PropagationPolicy: String, Sendable, Codable {
  case background = "Background"
  case foreground = "Foreground"
  case orphan = "Orphan"
}

/// How to delete.
public struct DeleteOptions: Sendable, Codable {
  public struct Preconditions: Sendable, Codable {
    public var uid: String?
    public var resourceVersion: String?
  }
  public var apiVersion = "v1"
  public var kind = "DeleteOptions"
  public var gracePeriodSeconds: Int64?
  public var preconditions: Preconditions?
  public var propagationPolicy: PropagationPolicy?

  /// - Parameters:
  ///   - uid: the server refuses (409) unless the object still has this UID.
  ///   - resourceVersion: likewise for its version.
  public init(
    uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int64? = nil,
    propagation: PropagationPolicy? = nil
  ) {
    if uid != nil || resourceVersion != nil {
      preconditions = Preconditions(uid: uid, resourceVersion: resourceVersion)
    }
    self.gracePeriodSeconds = gracePeriodSeconds
    propagationPolicy = propagation
  }
}

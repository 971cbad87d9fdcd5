import KubeTypes

/// Which objects of a collection, and how many at a time.
package struct ListOptions: Sendable {
  package var labelSelector: String?
  package var fieldSelector: String?
  /// Items a page; nil asks for all at once.
  package var limit: Int?
  package var `continue`: String?
  /// `0` allows any version the server has cached; nil asks for the newest.
  package var resourceVersion: String?

  package init(
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
package struct WatchOptions: Sendable {
  package var labelSelector: String?
  package var fieldSelector: String?
  package var resourceVersion: String?
  package var allowBookmarks: Bool
  /// When the server shall end the watch by itself.
  package var timeoutSeconds: Int?

  package init(
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
package enum PropagationPolicy: String, Sendable, Codable {
  case background = "Background"
  case foreground = "Foreground"
  case orphan = "Orphan"
}

/// How to delete.
package struct DeleteOptions: Sendable, Codable {
  package struct Preconditions: Sendable, Codable {
    package var uid: String?
    package var resourceVersion: String?
  }
  package var apiVersion = "v1"
  package var kind = "DeleteOptions"
  package var gracePeriodSeconds: Int64?
  package var preconditions: Preconditions?
  package var propagationPolicy: PropagationPolicy?

  /// - Parameters:
  ///   - uid: the server refuses (409) unless the object still has this UID.
  ///   - resourceVersion: likewise for its version.
  package init(
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

import KubeTypes

/// Which objects of a collection a list or watch is about.
struct Selection: Sendable {
  var labels: LabelSelector
  var fields: FieldSelector

  var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }
  func matches(_ object: Stored) -> Bool { labels.matches(object.labels) && fields.matches(object.value) }
}

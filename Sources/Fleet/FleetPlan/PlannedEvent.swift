/// A line for an object's story, to be recorded once the status that it tells of is written.
package struct PlannedEvent: Sendable, Hashable {
  package var warning: Bool
  package var reason: String
  package var message: String

  package static func normal(_ reason: String, _ message: String) -> PlannedEvent {
    PlannedEvent(warning: false, reason: reason, message: message)
  }
  package static func warning(_ reason: String, _ message: String) -> PlannedEvent {
    PlannedEvent(warning: true, reason: reason, message: message)
  }
}

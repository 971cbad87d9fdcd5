import FleetAPI

/// A spec that is wrong fails the job before a worker is bothered. One that becomes wrong while an attempt runs waits: the
/// attempt keeps the spec that it began with.
enum Validity {
  /// - Returns: true where the job has failed by its spec.
  static func refuses(_ draft: inout JobDraft) -> Bool {
    guard let failure = draft.world.specFailure, draft.attempt.tasks.isEmpty else { return false }
    draft.fail(failure)
    return true
  }
}

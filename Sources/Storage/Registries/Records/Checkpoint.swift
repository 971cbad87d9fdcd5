#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The state of a training in mid-course, enough to go on from.
package struct Checkpoint: Sendable, Hashable {
  /// The job's UID.
  package var run: String
  /// Identifies the training specification: a checkpoint fits only a training of the same one.
  package var fingerprint: String
  package var attempt: Int
  /// Passes over the data that are complete.
  package var epoch: Int
  /// Steps made, over all epochs.
  package var step: Int
  package var created: Date
  package var data: Data

  package init(
    run: String, fingerprint: String, attempt: Int, epoch: Int, step: Int, created: Date = Date(), data: Data
  ) {
    self.run = run
    self.fingerprint = fingerprint
    self.attempt = attempt
    self.epoch = epoch
    self.step = step
    self.created = created
    self.data = data
  }
}

/// Where data sets, checkpoints, models and the history of runs are kept: bulk data and results, never the control state.
///
/// Guarantees of every back end, held to one suite of tests:
/// - A write that did not return has either happened as a whole or not at all, whatever was killed in between.
/// - Bytes are checked against their SHA-256 on every read; what was altered is refused, never returned.
/// - Any number of processes may write at once.
/// - Writing the same thing twice (a report sent again, a model registered again by a retry) counts once.
///
/// Names follow ``RegistryName``; a run is named by its job's UID.
package protocol Registry: Sendable {
  // MARK: Data sets

  /// Keeps a file, or the plain files of a directory, as the newest version of the data set `name`. The version is a hash of the
  /// contents, so the same contents make no second version.
  /// - Parameter path: the file or directory to copy; left as it is.
  func putDataset(_ name: String, from path: String) async throws(RegistryError) -> DatasetRecord
  /// What is known of a data set; nil `version` takes the newest.
  /// - Throws: `notFound`.
  func dataset(_ name: String, version: String?) async throws(RegistryError) -> DatasetRecord
  /// A verified copy of a data set on this machine's file system, to be read and not changed.
  /// - Throws: `notFound`, or `damaged` where the contents are not what was put.
  func openDataset(_ name: String, version: String?) async throws(RegistryError) -> LocalDataset
  /// The newest version of every data set, by name.
  func listDatasets() async throws(RegistryError) -> [DatasetRecord]
  /// Removes a data set with all its versions; one that does not exist is no error.
  func deleteDataset(_ name: String) async throws(RegistryError)

  // MARK: Checkpoints

  /// Keeps a checkpoint and removes all but the last `keeping` of its run.
  func saveCheckpoint(_ checkpoint: Checkpoint, keeping: Int) async throws(RegistryError)
  /// The newest intact checkpoint of a run that was made from this training specification; damaged ones are passed over.
  func newestCheckpoint(run: String, fingerprint: String) async throws(RegistryError) -> Checkpoint?
  /// Removes the checkpoints of a run; none is no error.
  func deleteCheckpoints(run: String) async throws(RegistryError)

  // MARK: Models

  /// Keeps a model as the next version (v1, v2, …) of its name. A run registers one model of one training specification
  /// under a name: where it did already, that model's record is returned and nothing is written.
  func registerModel(_ draft: ModelDraft) async throws(RegistryError) -> ModelRecord
  /// - Parameter version: nil takes the newest.
  /// - Throws: `notFound`.
  func model(_ name: String, version: String?) async throws(RegistryError) -> ModelRecord
  /// The model of this training specification that a run registered under this name; nil where there is none.
  func model(_ name: String, run: String, fingerprint: String) async throws(RegistryError) -> ModelRecord?
  /// The verified bytes of one file of a model.
  func modelFile(_ name: String, version: String, file: String) async throws(RegistryError) -> [UInt8]
  /// All models, by name, the newest version of each first.
  func listModels() async throws(RegistryError) -> [ModelRecord]
  /// Removes one version; its number is not given again. One that does not exist is no error.
  func deleteModel(_ name: String, version: String) async throws(RegistryError)

  // MARK: Runs

  /// Keeps what a run is about, in place of what was said of it before.
  func putRun(_ run: RunRecord) async throws(RegistryError)
  /// - Throws: `notFound`.
  func run(_ id: String) async throws(RegistryError) -> RunRecord
  /// Every run, the newest first.
  func listRuns() async throws(RegistryError) -> [RunRecord]
  /// Adds points to a run's history. A point whose key is there already is not added again.
  func appendHistory(_ points: [HistoryPoint], run: String) async throws(RegistryError)
  /// A run's history in the order of its keys, each key once.
  func history(run: String) async throws(RegistryError) -> [HistoryPoint]
  /// Removes a run's record and history; one that does not exist is no error.
  func deleteRun(_ id: String) async throws(RegistryError)
}

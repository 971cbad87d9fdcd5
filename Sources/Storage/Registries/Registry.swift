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
  /// Where it is, for people: without any secret.
  var location: String { get }
  /// Finds out whether the registry can be used: it is there, lets us in, and is of a version that we know.
  func check() async throws(RegistryError)

  // MARK: Data sets

  /// Keeps a file, or the plain files of a directory, as the newest version of the data set `name`. The version is a hash of the
  /// contents, so the same contents make no second version.
  /// - Parameters:
  ///   - path: the file or directory to copy; left as it is.
  ///   - summary: what is in it, where the caller knows.
  func putDataset(
    _ name: String, from path: String, summary: DatasetSummary?, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord
  /// What is known of a data set; nil `version` takes the newest. The first digits of a version do where no other has them.
  /// - Throws: `notFound`.
  func dataset(_ name: String, version: String?) async throws(RegistryError) -> DatasetRecord
  /// A verified copy of a data set on this machine's file system, to be read and not changed.
  /// - Throws: `notFound`, or `damaged` where the contents are not what was put.
  func openDataset(
    _ name: String, version: String?, progress: TransferProgress?
  ) async throws(RegistryError) -> LocalDataset
  /// Verified bytes of one file of a data set: those of `range` that there are.
  /// - Parameter file: nil for the only file.
  func readDataset(
    _ name: String, version: String?, file: String?, range: Range<Int>
  ) async throws(RegistryError) -> [UInt8]
  /// Brings the files of a data set, verified, to a directory, which is made where it does not exist. A file appears there whole
  /// or not at all, in place of one of its name; one that is there already is not brought again, and a transfer that was
  /// cut off is gone on with.
  /// - Throws: `notFound`, `damaged`, or `io` where the directory cannot be written to.
  func exportDataset(
    _ name: String, version: String?, to directory: String, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord
  /// The newest version of every data set that a query asks for.
  func listDatasets(_ query: DatasetQuery) async throws(RegistryError) -> Page<DatasetRecord>
  /// Every version of a data set, the newest first.
  /// - Throws: `notFound`.
  func datasetVersions(_ name: String) async throws(RegistryError) -> [DatasetRecord]
  /// Removes one version of a data set, or with nil all of it; what does not exist is no error. Where the newest version goes,
  /// the one put before it becomes the newest.
  func deleteDataset(_ name: String, version: String?) async throws(RegistryError)

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
  /// The models that a query asks for.
  func listModels(_ query: ModelQuery) async throws(RegistryError) -> Page<ModelRecord>
  /// Gives tags to one version of a model and takes others from it.
  /// - Returns: the record with its tags as they are then.
  /// - Throws: `notFound`; `invalidName` for a tag that is none.
  func tagModel(
    _ name: String, version: String, adding: [String], removing: [String]
  ) async throws(RegistryError) -> ModelRecord
  /// Removes one version; its number is not given again. One that does not exist is no error.
  func deleteModel(_ name: String, version: String) async throws(RegistryError)

  // MARK: Runs

  /// Keeps what an attempt of a run is about, in place of what was said of that attempt before.
  func putRun(_ run: RunRecord) async throws(RegistryError)
  /// The newest attempt of a run.
  /// - Throws: `notFound`.
  func run(_ id: String) async throws(RegistryError) -> RunRecord
  /// All attempts of a run, the first one first.
  /// - Throws: `notFound`.
  func runAttempts(_ id: String) async throws(RegistryError) -> [RunRecord]
  /// The newest attempt of every run that a query asks for.
  func listRuns(_ query: RunQuery) async throws(RegistryError) -> Page<RunRecord>
  /// Adds points to a run's history. A point whose key is there already is not added again.
  func appendHistory(_ points: [HistoryPoint], run: String) async throws(RegistryError)
  /// A run's history in the order of its keys, each key once.
  func history(run: String) async throws(RegistryError) -> [HistoryPoint]
  /// Removes a run's records and history; one that does not exist is no error.
  func deleteRun(_ id: String) async throws(RegistryError)
}

extension Registry {
  package func putDataset(_ name: String, from path: String) async throws(RegistryError) -> DatasetRecord {
    try await putDataset(name, from: path, summary: nil, progress: nil)
  }

  package func openDataset(_ name: String, version: String?) async throws(RegistryError) -> LocalDataset {
    try await openDataset(name, version: version, progress: nil)
  }

  /// The newest version of every data set, by name.
  package func listDatasets() async throws(RegistryError) -> [DatasetRecord] {
    try await listDatasets(DatasetQuery()).items
  }

  /// All models, by name, the newest version of each first.
  package func listModels() async throws(RegistryError) -> [ModelRecord] { try await listModels(ModelQuery()).items }

  /// The newest attempt of every run, the newest first.
  package func listRuns() async throws(RegistryError) -> [RunRecord] { try await listRuns(RunQuery()).items }
}

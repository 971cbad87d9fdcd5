import Basics
import Fetching
import FleetAPI
import KubeRuntime
import TrainingDefinition

/// Data of another machine, brought to this one before the training begins.
enum RemoteDataset {
  /// How often a download looks whether it shall stop.
  private static let look = Duration.milliseconds(200)

  /// - Returns: the file, which stays in the cache as long as the result is kept; nil where the task shall stop.
  /// - Throws: what the source says, retryable or not.
  static func fetch(
    _ uri: String, _ dataset: DatasetSpec, sources: DataSources, control: TrainingControl, clock: any RuntimeClock
  ) async throws(TrainingFailure) -> SourceFile? {
    guard dataset.format == .csv else {
      throw TrainingFailure(
        reason: "UnsupportedSource",
        message:
          "dataset.uri names another machine and dataset.format is IDX; images and labels are two files: put them below the "
          + "workers' data directory or into the registry", retryable: false)
    }
    let download = Task { await fetch(uri, dataset.sha256, sources) }
    let watch = Task {
      while !Task.isCancelled, control.stop == nil { try? await clock.sleep(for: look) }
      download.cancel()
    }
    let outcome = await withTaskCancellationHandler {
      await download.value
    } onCancel: {
      download.cancel()
    }
    watch.cancel()
    switch outcome {
    case .success(let file): return file
    case .failure(let error):
      if control.stop != nil { return nil }
      throw TrainingFailure(reason: error.reason, message: error.message, retryable: error.retryable)
    }
  }

  private static func fetch(
    _ uri: String, _ sha256: String?, _ sources: DataSources
  ) async -> Result<SourceFile, SourceError> {
    do throws(SourceError) { return .success(try await sources.fetch(uri, sha256: sha256)) } catch {
      return .failure(error)
    }
  }
}

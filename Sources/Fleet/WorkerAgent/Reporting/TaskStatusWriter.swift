import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// Writes the status of one task through the API: all that a worker's Role allows it to change.
///
/// A JSON patch (RFC 6902) whose first operation tests the UID: names of tasks are deterministic, and the status of a task of
/// another job of the same name must not be touched. It carries no resourceVersion, so it never conflicts.
struct TaskStatusWriter: Sendable {
  let tasks: Resource<TrainingTask>
  let name: String
  let uid: String

  func write(_ status: TrainingTaskStatus) async -> StatusReporter.Outcome {
    do {
      let value = try JSON.value(of: status)
      // Where there is a status, "add" replaces it.
      _ = try await tasks.patch(
        name, .json([.init(.test, "/metadata/uid", value: .string(uid)), .init(.add, "/status", value: value)]),
        subresource: "status")
      return .written
    } catch let error as KubeError {
      if error.isNotFound { return .gone }
      // A test that fails is answered as an invalid request, and so is a status that breaks the schema.
      if error.isInvalid || error.isConflict, await isReplaced() { return .gone }
      if error.isInvalid { return .refused(error) }
      return .failed(error)
    } catch {
      return .failed(.decoding("the status cannot be written as JSON: \(error)"))
    }
  }

  private func isReplaced() async -> Bool {
    do { return try await tasks.get(name).uid != uid } catch { return error.isNotFound }
  }
}

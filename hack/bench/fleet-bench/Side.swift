import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// One of the two that are measured: what is created, and when it is done.
struct Side: Sendable {
  var name: String
  var definition: ResourceDefinition
  /// The condition of an object that is done.
  var condition: String
  /// Requests a job that are the bench's own: its creation, and what the hollow worker or kubelet writes.
  var ownRequests: Int
  var object: @Sendable (String) -> JSONValue

  /// Our TrainingJob of one task.
  static func trainingJob(pool: String, dataset: JSONValue = ["uri": "builtin://digits", "format": "IDX"]) -> Side {
    Side(name: "TensorFleet", definition: TrainingJob.definition, condition: JobCondition.succeeded, ownRequests: 2) {
      name in
      [
        "apiVersion": "tensorfleet.io/v1alpha1", "kind": "TrainingJob", "metadata": ["name": .string(name)],
        "spec": [
          "workerPoolName": .string(pool), "algorithm": "LogisticRegression", "dataset": dataset, "epochs": 1,
        ],
      ]
    }
  }

  /// Kubernetes' own Job of one pod.
  static let batchJob = Side(
    name: "Job controller",
    definition: ResourceDefinition(group: "batch", version: "v1", plural: "jobs", kind: "Job"), condition: "Complete",
    ownRequests: 3
  ) { name in
    [
      "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": .string(name)],
      "spec": [
        "template": [
          "metadata": ["labels": ["fleet-bench": "job"]],
          "spec": [
            "restartPolicy": "Never", "automountServiceAccountToken": false,
            "containers": [["name": "main", "image": "none"]],
          ],
        ]
      ],
    ]
  }

  /// Creates objects, `parallel` requests at a time. A server that is too busy to answer is asked again: what is measured
  /// is how the controllers keep up, and a burst of thousands is more than a small server takes at once.
  func create(_ names: [String], with client: KubeClient, namespace: String, parallel: Int = 16) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var rest = names[...]
      func next() {
        guard let name = rest.popFirst() else { return }
        group.addTask { try await create(name, with: client, namespace: namespace) }
      }
      for _ in 0..<parallel { next() }
      while try await group.next() != nil { next() }
    }
  }

  /// Creates one object. One that is there already was made by a request whose answer was lost.
  func create(_ name: String, with client: KubeClient, namespace: String) async throws {
    let resource = client.dynamic(definition, namespace: namespace)
    try await patiently { () async throws(KubeError) in
      do throws(KubeError) { _ = try await resource.create(object(name)) } catch {
        guard error.isAlreadyExists else { throw error }
      }
    }
  }

  /// Deletes all that a round made, and returns once it is gone. A server deletes a collection one by one, and ends the
  /// request when its own time is over: then the rest is asked for again.
  func deleteAll(with client: KubeClient, namespace: String) async throws {
    let path = definition.path(namespace: namespace)
    let resource = client.dynamic(definition, namespace: namespace)
    let end = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < end {
      do throws(KubeError) {
        _ = try await client.send(
          APIRequest(.delete, path, query: [("propagationPolicy", "Background")], timeout: .seconds(300)))
      } catch {
        guard error.isRetryable else { throw error }
      }
      let left = try await patiently { () async throws(KubeError) in
        try await resource.list(.init(limit: 1)).items.count
      }
      if left == 0 { return }
      try await Task.sleep(for: .milliseconds(500))
    }
    throw BenchError("\(name): what the round made was not deleted within ten minutes")
  }

  /// Runs a request again for as long as the server says that it is only busy, up to two minutes.
  private func patiently<Value>(_ request: () async throws(KubeError) -> Value) async throws -> Value {
    let end = ContinuousClock.now + .seconds(120)
    while true {
      do { return try await request() } catch {
        guard error.isRetryable, ContinuousClock.now < end else { throw error }
        try await Task.sleep(for: .milliseconds(250))
      }
    }
  }
}

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

  /// Creates objects, `parallel` requests at a time.
  func create(_ names: [String], with client: KubeClient, namespace: String, parallel: Int = 16) async throws {
    let resource = client.dynamic(definition, namespace: namespace)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var rest = names[...]
      func next() {
        guard let name = rest.popFirst() else { return }
        group.addTask { _ = try await resource.create(object(name)) }
      }
      for _ in 0..<parallel { next() }
      while try await group.next() != nil { next() }
    }
  }

  /// Deletes all that a round made, and returns once it is gone.
  func deleteAll(with client: KubeClient, namespace: String) async throws {
    let path = definition.path(namespace: namespace)
    _ = try await client.send(
      APIRequest(.delete, path, query: [("propagationPolicy", "Background")], timeout: .seconds(300)))
    let resource = client.dynamic(definition, namespace: namespace)
    while try await !resource.list(.init(limit: 1)).items.isEmpty { try await Task.sleep(for: .milliseconds(200)) }
  }
}

import Basics
import CommandLineKit
import Foundation
import KubeTypes
import Registries
import Testing

@testable import LocalPods
@testable import LocalTraining

/// What is wrong with a file is said with file, line and reason.
struct ManifestTests {
  private static let job = """
    apiVersion: tensorfleet.io/v1alpha1
    kind: TrainingJob
    metadata:
      name: a
    spec:
      workerPoolName: pool
      algorithm: MLP
      dataset:
        uri: builtin://digits

    """

  private static let broken: [(String, [String])] = [
    ("a: [1, 2", ["f.yaml:1: this is no YAML: did not find expected ',' or ']' while parsing a flow sequence"]),
    ("kind: A\nkind: B\n", ["f.yaml:1: \"kind\" is given more than once"]),
    ("", ["f.yaml: there are no objects in it"]),
    ("# nothing\n---\n", ["f.yaml: there are no objects in it"]),
    ("- 1\n", ["f.yaml:1: a document must be an object with apiVersion, kind, metadata and spec"]),
    ("metadata: {}\n", ["f.yaml:1: kind is missing or no text"]),
    ("kind: TrainingJob\n", ["f.yaml:1: apiVersion is missing or no text"]),
    (
      "apiVersion: v1\nkind: TrainingJob\n",
      ["f.yaml:1: unknown apiVersion \"v1\" for TrainingJob; it must be tensorfleet.io/v1alpha1"]
    ),
    (
      "apiVersion: tensorfleet.io/v1alpha1\nkind: TrainigJob\n",
      [
        "f.yaml:2: unknown kind \"TrainigJob\" (did you mean \"TrainingJob\"?); known are TrainingJob, WorkerPool, "
          + "Namespace, Secret, ConfigMap"
      ]
    ),
    (
      "apiVersion: v1\nkind: Deployment\n",
      ["f.yaml:2: unknown kind \"Deployment\"; known are TrainingJob, WorkerPool, Namespace, Secret, ConfigMap"]
    ),
    ("apiVersion: v1\nkind: Secret\nmetadata: {}\n", ["f.yaml:3: metadata.name is missing or no text"]),
    (
      job + "---\nkind: Nothing\napiVersion: v1\n",
      ["f.yaml:11: unknown kind \"Nothing\"; known are TrainingJob, WorkerPool, Namespace, Secret, ConfigMap"]
    ),
    (job + "  epoch: 5\n", ["f.yaml:10: spec.epoch: there is no such field (did you mean \"epochs\"?)"]),
    (
      job + "---\n" + job.replacing("name: a", with: "name: b") + "    fromat: CSV\n",
      ["f.yaml:20: spec.dataset.fromat: there is no such field (did you mean \"format\"?)"]
    ),
  ]

  @Test(arguments: broken)
  func errorsNameFileLineAndReason(text: String, expected: [String]) {
    do throws(ManifestErrors) {
      let objects = try ManifestReader.read(text: text, file: "f.yaml")
      Issue.record("read \(objects.count) objects")
    } catch { #expect(error.errors.map(\.description) == expected) }
  }

  @Test func anUnreadableFileIsNamed() throws {
    do throws(ManifestErrors) {
      _ = try ManifestReader.read(files: ["/no/such.yaml", "/"])
      Issue.record("no error")
    } catch {
      #expect(
        error.errors.map(\.description) == [
          "/no/such.yaml: there is no such file", "/: it is a directory; name the YAML files in it",
        ])
    }
  }

  @Test func scalarsAreReadAsKubectlReadsThem() throws {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: m}
      data:
        text: plain
        quoted: "5"
        number: 5
        fraction: 0.5
        yes: yes
        nothing:
        date: 2026-11-21
        version: 1.2.3
        exponent: 1e3
        block: |
          two
          lines
      """
    let data = try #require(ManifestReader.read(text: text, file: "f").first?.content["data"])
    let expected: JSONValue = [
      "text": "plain", "quoted": "5", "number": 5, "fraction": 0.5, "yes": true, "nothing": nil,
      "date": "2026-11-21", "version": "1.2.3", "exponent": .double(1000), "block": "two\nlines",
    ]
    #expect(data == expected)
  }

  @Test func aRepeatedObjectIsDroppedAndADifferentOneRefused() throws {
    let same = try ManifestReader.read(text: Self.job, file: "a") + ManifestReader.read(text: Self.job, file: "b")
    #expect(try ManifestReader.withoutRepetitions(same).map(\.file) == ["a"])
    let other = Self.job.replacing("MLP", with: "CNN")
    let different = try ManifestReader.read(text: Self.job, file: "a") + ManifestReader.read(text: other, file: "b")
    do throws(ManifestErrors) {
      _ = try ManifestReader.withoutRepetitions(different)
      Issue.record("no error")
    } catch {
      #expect(error.description == "b:4: TrainingJob a differs from the one at a:1; give it another name")
    }
  }

  @Test(arguments: [
    ("data.csv", nil as String?, "/jobs/data.csv"), ("../d/x.csv", nil, "/d/x.csv"), ("x.csv", "/data", "/data/x.csv"),
    ("/abs/x.csv", "/data", "/abs/x.csv"), ("file:///x.csv", nil, "file:///x.csv"),
    ("builtin://digits", "/data", "builtin://digits"),
  ])
  func relativeDataSetsBeginBesideTheirFile(uri: String, data: String?, expected: String) throws {
    let text = Self.job.replacing("builtin://digits", with: uri)
    let object = try #require(ManifestReader.read(text: text, file: "/jobs/a.yaml").first)
    let resolved = DatasetPaths.resolve(object, dataDirectory: data)
    #expect(resolved.content[path: ["spec", "dataset", "uri"]]?.stringValue == expected)
  }

  @Test func whatTheAPIRefusesIsNamedByLineAndField() async throws {
    let directory = try PrivateDirectory(prefix: "tensorfleet-tests")
    let fleet = try LocalFleet(registry: try openRegistry(directory.path), dataRoot: URL(filePath: "/"))
    let text = Self.job.replacing("algorithm: MLP", with: "algorithm: MPL") + "  epochs: many\n"
    let objects = try ManifestReader.read(text: text, file: "f.yaml")
    do throws(ManifestErrors) {
      try await LocalInstaller(client: fleet.client, workers: nil).install(objects, .init())
      Issue.record("accepted")
    } catch {
      let lines = error.errors.map(\.description)
      #expect(lines.contains { $0.hasPrefix("f.yaml:7: spec.algorithm: ") && $0.contains("MPL") })
      #expect(lines.contains { $0.hasPrefix("f.yaml:10: spec.epochs: ") && $0.contains("integer") })
    }

  }

  @Test func aMissingPoolAndNamespaceAreMadeOnceWithANote() throws {
    let text = Self.job + "---\n" + Self.job.replacing("name: a", with: "name: b\n  namespace: team")
    let objects = try ManifestReader.read(
      text: text + "---\n" + Self.job.replacing("name: a", with: "name: c"), file: "f")
    let additions = LocalInstaller.additions(for: objects, workers: nil)
    #expect(additions.namespaces == ["team"])
    #expect(additions.pools.map(\.description) == ["default/pool", "team/pool"])
    #expect(
      additions.notes.first == "note: no file has the WorkerPool \"pool\" of TrainingJob a: made one of 2 workers")
  }

  @Test func aSecretsPlainDataIsEncoded() {
    let secret: JSONValue = ["data": ["a": "MQ=="], "stringData": ["b": "2"]]
    #expect(LocalInstaller.withoutPlainData(secret) == ["data": ["a": "MQ==", "b": "Mg=="]])
  }

  @Test(arguments: [
    ("90s", 90.0 as Double?), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("45", 45), ("0", nil), ("-1", nil),
    ("m", nil), ("10x", nil), ("10m5", nil), ("", nil), ("nan", nil),
  ])
  func durationsAreRead(text: String, seconds: Double?) {
    #expect(DurationText.parse(text).map { $0 / .seconds(1) } == seconds)
  }
}

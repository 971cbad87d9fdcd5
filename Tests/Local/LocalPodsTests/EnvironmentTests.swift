import Basics
import Foundation
import KubeAccess
import KubeTypes
import Testing

@testable import LocalPods

@Suite(.timeLimit(.minutes(1)))
struct EnvironmentTests {
  @Test(arguments: [
    ("plain", "plain"), ("$(A)", "1"), ("x$(A)y$(B)z", "x1y2z"), ("$$(A)", "$(A)"), ("$(NONE)", "$(NONE)"),
    ("$(A", "$(A"), ("$", "$"), ("$A", "$A"), ("a$$b", "a$b"), ("", ""),
  ])
  func variablesAreExpandedAsKubernetesDoes(text: String, expanded: String) {
    #expect(VariableExpansion.expand(text, ["A": "1", "B": "2"]) == expanded)
  }

  private func field(_ name: String, _ path: String) -> EnvVar {
    EnvVar(name: name, valueFrom: EnvVarSource(fieldRef: .init(fieldPath: path)))
  }

  @Test func aContainersEnvironmentIsResolved() async throws {
    let world = try PodWorld()
    let secret: JSONValue = [
      "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "data": ["token": "aHVudGVyMg=="],
    ]
    let map: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"], "data": ["colour": "green"],
    ]
    for (object, plural) in [(secret, "secrets"), (map, "configmaps")] {
      let definition = ResourceDefinition(group: "", version: "v1", plural: plural, kind: "")
      _ = try await world.client.dynamic(definition, namespace: "default").create(object)
    }
    let env = [
      field("NAME", "metadata.name"), field("UID", "metadata.uid"), field("SPACE", "metadata.namespace"),
      field("COLOUR", "metadata.labels['colour']"), field("NODE", "spec.nodeName"), field("IP", "status.podIP"),
      EnvVar(name: "TOKEN", valueFrom: EnvVarSource(secretKeyRef: .init(name: "s", key: "token"))),
      EnvVar(name: "MAP", valueFrom: EnvVarSource(configMapKeyRef: .init(name: "m", key: "colour"))),
      EnvVar(
        name: "OPTIONAL", valueFrom: EnvVarSource(configMapKeyRef: .init(name: "m", key: "no", optional: true))),
      EnvVar(name: "TWICE", value: "1"), EnvVar(name: "TWICE", value: "2"),
      EnvVar(name: "BOTH", value: "$(NAME)-$(MAP)"),
    ]
    try await world.run {
      let script = """
        echo "$NAME $UID_ $SPACE $COLOUR $NODE $IP $TOKEN $MAP ${OPTIONAL-unset} $TWICE $BOTH" > \(world.path("env"))
        """
      let pod = try await world.create("a", script: "UID_=$(printenv UID);" + script, env: env)
      let expected = "a \(pod.uid) default blue test-node 127.0.0.1 hunter2 green unset 2 a-green"
      #expect(try await world.text(of: "env") == expected)
    }
  }

  @Test func aMissingSecretKeepsThePodWaitingWithTheReasonUntilItIsThere() async throws {
    let world = try PodWorld()
    try await world.run {
      let reference = EnvVarSource(secretKeyRef: .init(name: "later", key: "k"))
      try await world.create("a", script: "exit $CODE", env: [EnvVar(name: "CODE", valueFrom: reference)])
      let waiting = try await world.wait(for: "a", "waiting") {
        $0.status?.containerStatuses?.first?.state?.waiting != nil
      }
      let state = waiting.status?.containerStatuses?.first?.state?.waiting
      #expect(state?.reason == "CreateContainerConfigError")
      #expect(state?.message == "variable CODE: there is no Secret \"later\" in default")
      let secret: JSONValue = [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "later"], "data": ["k": "Mw=="],
      ]
      let definition = ResourceDefinition(group: "", version: "v1", plural: "secrets", kind: "Secret")
      _ = try await world.client.dynamic(definition, namespace: "default").create(secret)
      let pod = try await world.wait(for: "a", "finished") { $0.isFinished }
      #expect(pod.terminated?.exitCode == 3)
    }
  }

  @Test func nothingOfTheRunnersOwnEnvironmentReachesAWorker() async throws {
    let world = try PodWorld()
    setenv("TENSORFLEET_TEST_SECRET", "hunter2", 1)
    try await world.run {
      try await world.create("a", script: "echo \"[$TENSORFLEET_TEST_SECRET]\" > \(world.path("env"))")
      #expect(try await world.text(of: "env") == "[]")
    }
  }

  @Test func aWorkersKubeconfigHoldsItsAccountsTokenForThisUserAlone() async throws {
    let world = try PodWorld()
    let account = ServiceAccount(metadata: ObjectMeta(name: "default", namespace: "default"))
    do { _ = try await world.client.resource(ServiceAccount.self).create(account) } catch {
      #expect(error.isAlreadyExists)
    }
    let authority = Data("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n".utf8)
    let access = ClusterAccess(server: "https://10.0.0.1:6443", certificateAuthority: authority)
    let credentials = PodCredentials(cluster: access, client: world.client)
    let launcher = ProcessLauncher(
      executable: "/bin/sh", logDirectory: world.directory.path, credentials: credentials)
    try await world.run(launcher: launcher) {
      let script = """
        cp $KUBECONFIG \(world.path("kubeconfig")); d=$(dirname $KUBECONFIG)
        echo $(stat -c %a $d $KUBECONFIG $d/token) $(cat $d/token) $d/token > \(world.path("out"))
        """
      try await world.create("a", script: script)
      let parts = try await world.text(of: "out").split(separator: " ").map(String.init)
      #expect(parts.prefix(4) == ["700", "600", "600", "embedded:default:default"])
      let config = try ClusterConfiguration.load(kubeconfig: world.path("kubeconfig"))
      #expect(config.identity.url == "https://10.0.0.1:6443")
      #expect(config.identity.certificateAuthority == authority)
      #expect(config.namespace == "default")
      try await world.wait(for: "a", "finished") { $0.isFinished }
      let directory = String(parts[4].dropLast("/token".count))
      let deadline = ContinuousClock.now + .seconds(5)
      while FileManager.default.fileExists(atPath: directory), ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(!FileManager.default.fileExists(atPath: directory))
    }
  }
}

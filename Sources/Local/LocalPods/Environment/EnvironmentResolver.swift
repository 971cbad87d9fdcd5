import Basics
import Foundation
import KubeAccess
import KubeTypes

/// Makes a container's environment from its `env`: values, downward API fields, and keys of secrets and config maps.
package struct EnvironmentResolver: Sendable {
  private let client: KubeClient
  private let host: DownwardField.Host

  init(client: KubeClient, host: DownwardField.Host) {
    self.client = client
    self.host = host
  }

  /// The environment and the arguments of a pod's first container.
  /// - Throws: ``LaunchError/notYet(reason:message:)`` naming what is missing; never a secret's value.
  func launch(of pod: Pod) async throws(LaunchError) -> WorkerLaunch {
    let container = pod.spec?.containers.first
    var environment: [String: String] = [:]
    for variable in container?.env ?? [] {
      guard let value = try await value(of: variable, in: pod, environment) else { continue }
      environment[variable.name] = value
    }
    let arguments = (container?.args ?? []).map { VariableExpansion.expand($0, environment) }
    return WorkerLaunch(pod: pod, environment: environment, arguments: arguments)
  }

  /// A variable's value; nil for an optional reference to what is not there.
  private func value(
    of variable: EnvVar, in pod: Pod, _ earlier: [String: String]
  ) async throws(LaunchError) -> String? {
    guard let source = variable.valueFrom else { return VariableExpansion.expand(variable.value ?? "", earlier) }
    if let field = source.fieldRef {
      guard let value = DownwardField.value(field.fieldPath, of: pod, on: host) else {
        throw missing("variable \(variable.name): \(field.fieldPath) is no field that a container may refer to")
      }
      return value
    }
    if let reference = source.secretKeyRef {
      return try await value(of: reference, kind: "Secret", plural: "secrets", for: variable, pod) { content in
        content.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
      }
    }
    if let reference = source.configMapKeyRef {
      return try await value(of: reference, kind: "ConfigMap", plural: "configmaps", for: variable, pod) { $0 }
    }
    throw missing("variable \(variable.name): its valueFrom names no source that is supported")
  }

  private func value(
    of reference: EnvVarSource.KeyRef, kind: String, plural: String, for variable: EnvVar, _ pod: Pod,
    _ read: (String?) -> String?
  ) async throws(LaunchError) -> String? {
    let definition = ResourceDefinition(group: "", version: "v1", plural: plural, kind: kind)
    do {
      let object = try await client.dynamic(definition, namespace: pod.namespace).get(reference.name)
      if let value = read(object.content["data"]?[reference.key]?.stringValue) { return value }
      if reference.optional == true { return nil }
    } catch {
      guard error.isNotFound else { throw missing("variable \(variable.name): \(kind) \(reference.name): \(error)") }
      if reference.optional == true { return nil }
      throw missing("variable \(variable.name): there is no \(kind) \"\(reference.name)\" in \(pod.namespace)")
    }
    throw missing("variable \(variable.name): \(kind) \"\(reference.name)\" has no key \"\(reference.key)\"")
  }

  private func missing(_ message: String) -> LaunchError {
    .notYet(reason: "CreateContainerConfigError", message: message)
  }
}

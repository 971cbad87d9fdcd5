/// `v1.Pod`, trimmed to what the operator and the development pod runner read and write.
package struct Pod: KubeObject {
  package static let definition = ResourceDefinition(group: "", version: "v1", plural: "pods", kind: "Pod")
  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: PodSpec?
  package var status: PodStatus?

  package init(metadata: ObjectMeta, spec: PodSpec? = nil, status: PodStatus? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

package struct PodSpec: Sendable, Hashable, Codable {
  package var containers: [Container]
  package var restartPolicy: String?
  package var serviceAccountName: String?
  package var automountServiceAccountToken: Bool?
  package var terminationGracePeriodSeconds: Int64?
  package var nodeName: String?
  package var nodeSelector: [String: String]?
  package var tolerations: [Toleration]?
  package var topologySpreadConstraints: [TopologySpreadConstraint]?
  package var securityContext: PodSecurityContext?
  package var volumes: [Volume]?
  package var enableServiceLinks: Bool?
  package var priorityClassName: String?
  package var imagePullSecrets: [LocalObjectReference]?

  package init(containers: [Container]) { self.containers = containers }
}

package struct LocalObjectReference: Sendable, Hashable, Codable {
  package var name: String
  package init(name: String) { self.name = name }
}

package struct Container: Sendable, Hashable, Codable {
  package var name: String
  package var image: String?
  package var imagePullPolicy: String?
  package var command: [String]?
  package var args: [String]?
  package var env: [EnvVar]?
  package var ports: [ContainerPort]?
  package var resources: ResourceRequirements?
  package var readinessProbe: Probe?
  package var livenessProbe: Probe?
  package var securityContext: SecurityContext?
  package var volumeMounts: [VolumeMount]?

  package init(name: String, image: String? = nil) {
    self.name = name
    self.image = image
  }
}

package struct ContainerPort: Sendable, Hashable, Codable {
  package var name: String?
  package var containerPort: Int
  package init(name: String? = nil, containerPort: Int) {
    self.name = name
    self.containerPort = containerPort
  }
}

/// An environment variable: a value, or where the kubelet takes it from.
package struct EnvVar: Sendable, Hashable, Codable {
  package var name: String
  package var value: String?
  package var valueFrom: EnvVarSource?

  package init(name: String, value: String? = nil, valueFrom: EnvVarSource? = nil) {
    self.name = name
    self.value = value
    self.valueFrom = valueFrom
  }
}

package struct EnvVarSource: Sendable, Hashable, Codable {
  package struct FieldRef: Sendable, Hashable, Codable {
    package var fieldPath: String
    package init(fieldPath: String) { self.fieldPath = fieldPath }
  }
  package struct KeyRef: Sendable, Hashable, Codable {
    package var name: String
    package var key: String
    package var optional: Bool?
    package init(name: String, key: String, optional: Bool? = nil) {
      self.name = name
      self.key = key
      self.optional = optional
    }
  }
  package var fieldRef: FieldRef?
  package var secretKeyRef: KeyRef?
  package var configMapKeyRef: KeyRef?

  package init(fieldRef: FieldRef? = nil, secretKeyRef: KeyRef? = nil, configMapKeyRef: KeyRef? = nil) {
    self.fieldRef = fieldRef
    self.secretKeyRef = secretKeyRef
    self.configMapKeyRef = configMapKeyRef
  }
}

/// Requests and limits by resource name, as Kubernetes quantities (`500m`, `2Gi`).
package struct ResourceRequirements: Sendable, Hashable, Codable {
  package var requests: [String: String]?
  package var limits: [String: String]?
  package init(requests: [String: String]? = nil, limits: [String: String]? = nil) {
    self.requests = requests
    self.limits = limits
  }

  private enum CodingKeys: String, CodingKey { case requests, limits }

  /// Reads quantities as text or as numbers: an API server keeps what a user wrote into a custom resource (`cpu: 2`).
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func quantities(_ key: CodingKeys) throws -> [String: String]? {
      try container.decodeIfPresent([String: JSONValue].self, forKey: key)?.mapValues { value in
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .double(let number): return String(number)
        default:
          throw DecodingError.dataCorruptedError(
            forKey: key, in: container, debugDescription: "a quantity has to be a text or a number, such as 500m or 2")
        }
      }
    }
    requests = try quantities(.requests)
    limits = try quantities(.limits)
  }
}

package struct Probe: Sendable, Hashable, Codable {
  package struct HTTPGet: Sendable, Hashable, Codable {
    package var path: String
    package var port: Int
    package init(path: String, port: Int) {
      self.path = path
      self.port = port
    }
  }
  package struct Exec: Sendable, Hashable, Codable {
    package var command: [String]
    package init(command: [String]) { self.command = command }
  }
  package var httpGet: HTTPGet?
  package var exec: Exec?
  package var initialDelaySeconds: Int?
  package var periodSeconds: Int?
  package var timeoutSeconds: Int?
  package var failureThreshold: Int?
  package init(httpGet: HTTPGet? = nil, exec: Exec? = nil, periodSeconds: Int? = nil, failureThreshold: Int? = nil) {
    self.httpGet = httpGet
    self.exec = exec
    self.periodSeconds = periodSeconds
    self.failureThreshold = failureThreshold
  }
}

package struct Toleration: Sendable, Hashable, Codable {
  package var key: String?
  package var `operator`: String?
  package var value: String?
  package var effect: String?
  package var tolerationSeconds: Int64?
  package init(
    key: String? = nil, operator: String? = nil, value: String? = nil, effect: String? = nil,
    tolerationSeconds: Int64? = nil
  ) {
    self.key = key
    self.operator = `operator`
    self.value = value
    self.effect = effect
    self.tolerationSeconds = tolerationSeconds
  }
}

package struct TopologySpreadConstraint: Sendable, Hashable, Codable {
  package var maxSkew: Int
  package var topologyKey: String
  package var whenUnsatisfiable: String
  package var labelSelector: LabelSelector?
  package init(maxSkew: Int, topologyKey: String, whenUnsatisfiable: String, labelSelector: LabelSelector? = nil) {
    self.maxSkew = maxSkew
    self.topologyKey = topologyKey
    self.whenUnsatisfiable = whenUnsatisfiable
    self.labelSelector = labelSelector
  }
}

package struct LabelSelector: Sendable, Hashable, Codable {
  package var matchLabels: [String: String]?
  package init(matchLabels: [String: String]? = nil) { self.matchLabels = matchLabels }
}

package struct Volume: Sendable, Hashable, Codable {
  package struct EmptyDir: Sendable, Hashable, Codable {
    package var sizeLimit: String?
    package init(sizeLimit: String? = nil) { self.sizeLimit = sizeLimit }
  }
  package struct Claim: Sendable, Hashable, Codable {
    package var claimName: String
    package var readOnly: Bool?
    package init(claimName: String, readOnly: Bool? = nil) {
      self.claimName = claimName
      self.readOnly = readOnly
    }
  }
  package var name: String
  package var emptyDir: EmptyDir?
  package var persistentVolumeClaim: Claim?
  package init(name: String, emptyDir: EmptyDir? = nil, persistentVolumeClaim: Claim? = nil) {
    self.name = name
    self.emptyDir = emptyDir
    self.persistentVolumeClaim = persistentVolumeClaim
  }
}

package struct VolumeMount: Sendable, Hashable, Codable {
  package var name: String
  package var mountPath: String
  package var readOnly: Bool?
  package init(name: String, mountPath: String, readOnly: Bool? = nil) {
    self.name = name
    self.mountPath = mountPath
    self.readOnly = readOnly
  }
}

import Basics

/// `v1.Pod`, trimmed to what the operator and the development pod runner read and write.
public struct Pod: KubeObject {
  public static let definition = ResourceDefinition(group: "", version: "v1", plural: "pods", kind: "Pod")
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var spec: PodSpec?
  public var status: PodStatus?

  public init(metadata: ObjectMeta, spec: PodSpec? = nil, status: PodStatus? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }
}

public struct PodSpec: Sendable, Hashable, Codable {
  public var containers: [Container]
  public var restartPolicy: String?
  public var serviceAccountName: String?
  public var automountServiceAccountToken: Bool?
  public var terminationGracePeriodSeconds: Int64?
  public var nodeName: String?
  public var nodeSelector: [String: String]?
  public var tolerations: [Toleration]?
  public var topologySpreadConstraints: [TopologySpreadConstraint]?
  public var securityContext: PodSecurityContext?
  public var volumes: [Volume]?
  public var enableServiceLinks: Bool?
  public var priorityClassName: String?
  public var imagePullSecrets: [LocalObjectReference]?

  public init(containers: [Container]) { self.containers = containers }
}

public struct LocalObjectReference: Sendable, Hashable, Codable {
  public var name: String
  public init(name: String) { self.name = name }
}

public struct Container: Sendable, Hashable, Codable {
  public var name: String
  public var image: String?
  public var imagePullPolicy: String?
  public var command: [String]?
  public var args: [String]?
  public var env: [EnvVar]?
  public var ports: [ContainerPort]?
  public var resources: ResourceRequirements?
  public var readinessProbe: Probe?
  public var livenessProbe: Probe?
  public var securityContext: SecurityContext?
  public var volumeMounts: [VolumeMount]?

  public init(name: String, image: String? = nil) {
    self.name = name
    self.image = image
  }
}

public struct ContainerPort: Sendable, Hashable, Codable {
  public var name: String?
  public var containerPort: Int
  public init(name: String? = nil, containerPort: Int) {
    self.name = name
    self.containerPort = containerPort
  }
}

/// An environment variable: a value, or where the kubelet takes it from.
public struct EnvVar: Sendable, Hashable, Codable {
  public var name: String
  public var value: String?
  public var valueFrom: EnvVarSource?

  public init(name: String, value: String? = nil, valueFrom: EnvVarSource? = nil) {
    self.name = name
    self.value = value
    self.valueFrom = valueFrom
  }
}

public struct EnvVarSource: Sendable, Hashable, Codable {
  public struct FieldRef: Sendable, Hashable, Codable {
    public var fieldPath: String
    public init(fieldPath: String) { self.fieldPath = fieldPath }
  }
  public struct KeyRef: Sendable, Hashable, Codable {
    public var name: String
    public var key: String
    public var optional: Bool?
    public init(name: String, key: String, optional: Bool? = nil) {
      self.name = name
      self.key = key
      self.optional = optional
    }
  }
  public var fieldRef: FieldRef?
  public var secretKeyRef: KeyRef?
  public var configMapKeyRef: KeyRef?

  public init(fieldRef: FieldRef? = nil, secretKeyRef: KeyRef? = nil, configMapKeyRef: KeyRef? = nil) {
    self.fieldRef = fieldRef
    self.secretKeyRef = secretKeyRef
    self.configMapKeyRef = configMapKeyRef
  }
}

/// Requests and limits by resource name, as Kubernetes quantities (`500m`, `2Gi`).
public struct ResourceRequirements: Sendable, Hashable, Codable {
  public var requests: [String: String]?
  public var limits: [String: String]?
  public init(requests: [String: String]? = nil, limits: [String: String]? = nil) {
    self.requests = requests
    self.limits = limits
  }

  private enum CodingKeys: String, CodingKey { case requests, limits }

  /// Reads quantities as text or as numbers: an API server keeps what a user wrote into a custom resource (`cpu: 2`).
  public init(from decoder: any Decoder) throws {
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

public struct Probe: Sendable, Hashable, Codable {
  public struct HTTPGet: Sendable, Hashable, Codable {
    public var path: String
    public var port: Int
    public init(path: String, port: Int) {
      self.path = path
      self.port = port
    }
  }
  public struct Exec: Sendable, Hashable, Codable {
    public var command: [String]
    public init(command: [String]) { self.command = command }
  }
  public var httpGet: HTTPGet?
  public var exec: Exec?
  public var initialDelaySeconds: Int?
  public var periodSeconds: Int?
  public var timeoutSeconds: Int?
  public var failureThreshold: Int?
  public init(httpGet: HTTPGet? = nil, exec: Exec? = nil, periodSeconds: Int? = nil, failureThreshold: Int? = nil) {
    self.httpGet = httpGet
    self.exec = exec
    self.periodSeconds = periodSeconds
    self.failureThreshold = failureThreshold
  }
}

public struct Toleration: Sendable, Hashable, Codable {
  public var key: String?
  public var `operator`: String?
  public var value: String?
  public var effect: String?
  public var tolerationSeconds: Int64?
  public init(
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

public struct TopologySpreadConstraint: Sendable, Hashable, Codable {
  public var maxSkew: Int
  public var topologyKey: String
  public var whenUnsatisfiable: String
  public var labelSelector: LabelSelector?
  public init(maxSkew: Int, topologyKey: String, whenUnsatisfiable: String, labelSelector: LabelSelector? = nil) {
    self.maxSkew = maxSkew
    self.topologyKey = topologyKey
    self.whenUnsatisfiable = whenUnsatisfiable
    self.labelSelector = labelSelector
  }
}

public struct LabelSelector: Sendable, Hashable, Codable {
  public var matchLabels: [String: String]?
  public init(matchLabels: [String: String]? = nil) { self.matchLabels = matchLabels }
}

public struct Volume: Sendable, Hashable, Codable {
  public struct EmptyDir: Sendable, Hashable, Codable {
    public var sizeLimit: String?
    public init(sizeLimit: String? = nil) { self.sizeLimit = sizeLimit }
  }
  public struct Claim: Sendable, Hashable, Codable {
    public var claimName: String
    public var readOnly: Bool?
    public init(claimName: String, readOnly: Bool? = nil) {
      self.claimName = claimName
      self.readOnly = readOnly
    }
  }
  public var name: String
  public var emptyDir: EmptyDir?
  public var persistentVolumeClaim: Claim?
  public init(name: String, emptyDir: EmptyDir? = nil, persistentVolumeClaim: Claim? = nil) {
    self.name = name
    self.emptyDir = emptyDir
    self.persistentVolumeClaim = persistentVolumeClaim
  }
}

public struct VolumeMount: Sendable, Hashable, Codable {
  public var name: String
  public var mountPath: String
  public var readOnly: Bool?
  public init(name: String, mountPath: String, readOnly: Bool? = nil) {
    self.name = name
    self.mountPath = mountPath
    self.readOnly = readOnly
  }
}

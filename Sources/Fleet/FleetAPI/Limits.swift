/// The bounds of the API's own: the one place that schemas and the operator's validation read them from. Those of trainings,
/// which the trainer knows as well, are in `TrainingLimits`.
package enum Limits {
  /// An object whose pods or tasks carry its name: `<job>-<attempt>-<rank>` and `<pool>-<index>` become label values and
  /// host names, which end at 63 characters.
  package static let ownerNameLength = 50
  package static let objectName = 1...253
  /// A count that fits 32 bits.
  package static let counter = 0...2_147_483_647
  /// A count that every JSON reader keeps exactly (2^53 - 1).
  package static let longCounter = 0...9_007_199_254_740_991
  package static let priority = -1_000_000_000...1_000_000_000
  package static let workers = 1...1_024
  package static let backoffLimit = 0...1_000
  /// Up to a year.
  package static let activeDeadlineSeconds = 1...31_536_000
  package static let ttlSeconds = 0...31_536_000

  package static let registryName = 1...128
  package static let uri = 1...2_048
  package static let sha256 = 64...64

  package static let replicas = 0...10_000
  /// An autoscaler of Kubernetes does not go to zero without an alpha feature, and a pool at zero trains nothing.
  package static let autoscaledReplicas = 1...10_000
  package static let drainTimeoutSeconds = 0...86_400
  package static let image = 1...512
  package static let imagePullSecrets = 0...16
  package static let args = 0...64
  package static let argument = 0...4_096
  package static let env = 0...100
  package static let environmentName = 1...256
  package static let environmentValue = 0...8192
  package static let resources = 0...32
  package static let resourceName = 1...317
  package static let labels = 0...64
  package static let labelKey = 1...317
  package static let labelValue = 0...63
  package static let tolerations = 0...64
  package static let topologySpread = 0...8
  package static let reportIntervalSeconds = 1...3_600
  package static let maxSkew = 1...10_000
  package static let scalingMetrics = 1...16
}

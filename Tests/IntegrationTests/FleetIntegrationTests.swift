import Testing

/// All that runs against a real API server, one test after the other: some kill the operator that the others need.
@Suite(.enabled(if: Cluster.isThere), .serialized)
enum FleetIntegrationTests {}

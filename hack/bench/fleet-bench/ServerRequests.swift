import KubeAccess
import KubeTypes

/// Requests that an API server has answered, from its own `/metrics`.
struct ServerRequests {
  /// All but watches, which stay open, and what the server asks of itself is the same on both sides.
  var count: Double

  init(_ client: KubeClient) async throws {
    let text = String(decoding: try await client.send(APIRequest(.get, "/metrics")), as: UTF8.self)
    count = text.split(separator: "\n").lazy
      .filter { $0.hasPrefix("apiserver_request_total{") && !$0.contains("verb=\"WATCH\"") }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
      .reduce(0, +)
  }
}

import Hummingbird
import KubeRuntime

/// What the operator serves: `/healthz`, `/readyz` and `/metrics`.
enum Endpoints {
  static func router(metrics: PrometheusRegistry, health: HealthState) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("healthz") { _, _ in answer(health.livenessProblem) }
    router.get("readyz") { _, _ in answer(health.readinessProblem) }
    router.get("metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: PrometheusRegistry.contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.render())))
    }
    return router
  }

  private static func answer(_ problem: String?) -> Response {
    Response(
      status: problem == nil ? .ok : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: (problem ?? "ok") + "\n")))
  }
}

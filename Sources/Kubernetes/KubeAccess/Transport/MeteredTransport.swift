import Basics
import KubeTypes
import Metrics
import Synchronization

/// Counts and times requests as client-go does: `rest_client_requests_total{verb,code}` and
/// `rest_client_request_duration_seconds{verb}`. Never labelled by an object's name.
public final class MeteredTransport: APITransport {
  private struct Key: Hashable {
    var verb: String
    var code: Int
  }

  private struct Instruments {
    var counters: [Key: Counter] = [:]
    var timers: [String: Timer] = [:]
  }

  private let transport: any APITransport
  private let clock = ContinuousClock()
  // Looked up once each: making an instrument takes the metrics system's own lock and allocates.
  private let instruments = Mutex(Instruments())

  public init(_ transport: any APITransport) { self.transport = transport }

  public func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    let start = clock.now
    do {
      let response = try await transport.send(request)
      record(request.method.rawValue, response.status, clock.now - start)
      return response
    } catch {
      record(request.method.rawValue, 0, clock.now - start)
      throw error
    }
  }

  public func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    let start = clock.now
    do {
      let stream = try await transport.stream(request)
      record("WATCH", stream.status, clock.now - start)
      return stream
    } catch {
      record("WATCH", 0, clock.now - start)
      throw error
    }
  }

  /// - Parameter code: 0 where there was no answer.
  private func record(_ verb: String, _ code: Int, _ time: Duration) {
    let (counter, timer) = instruments.withLock { instruments in
      let key = Key(verb: verb, code: code)
      let counter =
        instruments.counters[key]
        ?? Counter(
          label: "rest_client_requests_total",
          dimensions: [("verb", verb), ("code", code == 0 ? "<error>" : String(code))])
      instruments.counters[key] = counter
      let timer =
        instruments.timers[verb]
        ?? Timer(label: "rest_client_request_duration_seconds", dimensions: [("verb", verb)])
      instruments.timers[verb] = timer
      return (counter, timer)
    }
    counter.increment()
    timer.recordNanoseconds(Int64(time / .nanoseconds(1)))
  }
}

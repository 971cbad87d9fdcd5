import KubeTypes
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Collects a whole answer, then resumes the one who waits for it.
///
/// Unchecked Sendable: set up before the transfer is handed over, then touched by the engine's thread alone.
final class WholeAnswer: TransferSink, @unchecked Sendable {
  private var response = APIResponse(status: 0)
  private var continuation: CheckedContinuation<Result<APIResponse, APITransportError>, Never>?

  func whenDone(_ continuation: CheckedContinuation<Result<APIResponse, APITransportError>, Never>) {
    self.continuation = continuation
  }

  func head(status: Int, retryAfter: Double?) {
    response.status = status
    response.retryAfter = retryAfter
  }

  func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
    response.body.append(contentsOf: bytes)
    return true
  }

  func finish(_ error: APITransportError?) {
    continuation?.resume(returning: error.map { .failure($0) } ?? .success(response))
    continuation = nil
  }
}

/// Hands an answer on in pieces. Holds at most ``limit`` bytes: a consumer that lags stops the transfer, and the
/// server's flow control with it, instead of filling our memory.
final class StreamedAnswer: TransferSink, Sendable {
  static let limit = 1 << 20

  /// How a transfer ended.
  private enum Ending {
    /// All of the body is here.
    case whole
    case broken(APITransportError)

    /// The error of one who waits for an answer's head, which did not come.
    var withoutHead: APITransportError {
      switch self {
      case .whole: .unreachable("the connection ended before an answer")
      case .broken(let error): error
      }
    }
  }

  private struct State {
    var head: Result<(status: Int, retryAfter: Double?), APITransportError>?
    var headWaiter: CheckedContinuation<Result<(status: Int, retryAfter: Double?), APITransportError>, Never>?
    var pending = Data()
    var isFull = false
    /// How the transfer ended; nil while it goes on.
    var end: Ending?
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func head(status: Int, retryAfter: Double?) {
    let waiter = state.withLock { state in
      state.head = .success((status, retryAfter))
      return state.headWaiter.take()
    }
    waiter?.resume(returning: .success((status, retryAfter)))
  }

  func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let (taken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
      guard state.pending.isEmpty || state.pending.count + bytes.count <= Self.limit else {
        state.isFull = true
        return (false, nil)
      }
      state.pending.append(contentsOf: bytes)
      return (true, state.waiter.take())
    }
    waiter?.resume()
    return taken
  }

  func finish(_ error: APITransportError?) {
    let end = error.map { Ending.broken($0) } ?? .whole
    let (head, waiter) = state.withLock { state in
      state.end = end
      return (state.head == nil ? state.headWaiter.take() : nil, state.waiter.take())
    }
    head?.resume(returning: .failure(end.withoutHead))
    waiter?.resume()
  }

  /// Waits for status line and headers.
  func waitForHead() async -> Result<(status: Int, retryAfter: Double?), APITransportError> {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Result<(status: Int, retryAfter: Double?), APITransportError>? in
        if let head = state.head { return head }
        if let end = state.end { return .failure(end.withoutHead) }
        state.headWaiter = continuation
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  /// The bytes that have come since the last call; nil at the end. One consumer at a time.
  /// - Parameter resume: called where the transfer was stopped for want of room.
  func next(resume: () -> Void) async throws(APITransportError) -> Data? {
    while true {
      let (data, wasFull, end) = state.withLock { state -> (Data?, Bool, Ending?) in
        guard !state.pending.isEmpty else { return (nil, false, state.end) }
        defer {
          state.pending = Data()
          state.isFull = false
        }
        return (state.pending, state.isFull, nil)
      }
      if wasFull { resume() }
      if let data { return data }
      switch end {
      case .whole?: return nil
      case .broken(let error)?: throw error
      case nil: break
      }
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          guard state.pending.isEmpty, state.end == nil else { return true }
          state.waiter = continuation
          return false
        }
        if ready { continuation.resume() }
      }
    }
  }
}

import Basics
import FleetAPI
import Foundation
import KubeEmbedded
import KubeTypes
import Synchronization

/// The network between the operator's replicas and the API server: it loses requests and answers, as networks and crashes
/// do, takes its time, counts writes, and sees who wrote without holding the lease.
final class FaultyTransport: Sendable {
  private struct State {
    var random: SplitMix64
    /// Shares of writes that never arrive, and of those that arrive but whose answer is lost.
    var lost = 0.0
    var unanswered = 0.0
    var creates: [String: Int] = [:]
    var tasksByJob: [String: Int] = [:]
    var writes = 0
    var lists = 0
    var askedForTasks = 0
    var violations: [String] = []
  }

  private let server: EmbeddedAPIServer
  private let trace: Trace
  private let clock: any RuntimeClock
  /// The network goes on when a process freezes.
  private let executor: (any TaskExecutor)?
  /// Milliseconds that a request takes at most, one way; none in real time.
  private let latency: Int
  private let state: Mutex<State>
  private let refusal = Mutex<(@Sendable (APIRequest) -> Status?)?>(nil)
  /// The path of the lease that a writer has to hold; nil where nobody elects.
  private let lease = Mutex<String?>(nil)

  init(
    _ server: EmbeddedAPIServer, seed: UInt64, trace: Trace, clock: any RuntimeClock, executor: (any TaskExecutor)?
  ) {
    self.server = server
    self.trace = trace
    self.clock = clock
    self.executor = executor
    latency = executor == nil ? 0 : 20
    state = Mutex(State(random: SplitMix64(seed: seed)))
  }

  func misbehave(lost: Double, unanswered: Double) {
    state.withLock {
      $0.lost = lost
      $0.unanswered = unanswered
    }
  }

  /// From now on writes are refused that `rule` gives a reason for: an HTTP status, with a reason and a message of the server's.
  func refuse(_ rule: (@Sendable (APIRequest) -> Status?)?) { refusal.withLock { $0 = rule } }

  /// From now on every write has to come from the holder of this lease.
  func watchOver(lease path: String) { lease.withLock { $0 = path } }

  /// Writes that reached the server; events apart, which tell and do not act, and leases.
  var writes: Int { state.withLock { $0.writes } }
  /// Lists by which a cache began anew.
  var lists: Int { state.withLock { $0.lists } }
  /// How often somebody asked for the tasks of certain workers.
  var askedForTasks: Int { state.withLock { $0.askedForTasks } }
  /// Writes that came from a replica while it did not hold the lease.
  var violations: [String] { state.withLock { $0.violations } }
  /// How often an object of a path's collection was created with success.
  func creations(_ plural: String) -> Int { state.withLock { $0.creates[plural] ?? 0 } }

  /// How many tasks of a job were ever made.
  func tasksMade(forJob name: String) -> Int { state.withLock { $0.tasksByJob[name] ?? 0 } }

  private enum Fate: String { case good, lost, unanswered }

  private func wait() async {
    guard latency > 0 else { return }
    let pause = state.withLock { Int.random(in: 0...latency, using: &$0.random) }
    try? await clock.sleep(for: .milliseconds(pause))
  }

  /// Carries one request of a process to the server, and the answer back.
  func send(_ request: APIRequest, from process: String) async throws(APITransportError) -> APIResponse {
    try await withTaskExecutorPreference(executor) { () async throws(APITransportError) -> APIResponse in
      let fate = state.withLock { state -> Fate in
        guard request.method.isWrite else { return .good }
        let roll = Double.random(in: 0..<1, using: &state.random)
        if roll < state.lost { return .lost }
        return roll < state.lost + state.unanswered ? .unanswered : .good
      }
      let asks = request.path.hasSuffix("/trainingtasks") && request.query.contains { $0.name == "labelSelector" }
      if request.method == .get, asks { state.withLock { $0.askedForTasks += 1 } }
      if request.method.isWrite, let status = refusal.withLock({ $0 })?(request) {
        return APIResponse(status: status.code ?? 500, body: (try? JSON.encode(status)) ?? Data())
      }
      let what = "\(request.method.rawValue) \(request.path)\(Self.text(of: request.query))"
      if fate == .lost {
        trace.note(process, "\(what) lost")
        throw .unreachable("lost")
      }
      await wait()
      if Task.isCancelled { throw .cancelled }
      let response = arrive(request, from: process)
      trace.note(
        process,
        "\(what) \(Trace.digest(request.body)) -> \(response.status) \(Trace.digest(response.body)) \(fate.rawValue)")
      if fate == .unanswered { throw .unreachable("answer lost") }
      await wait()
      return response
    }
  }

  private static func text(of query: [(name: String, value: String)]) -> String {
    query.isEmpty ? "" : "?" + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  private func holder(of lease: String) -> String {
    let answer = server.respond(to: APIRequest(.get, lease))
    guard let held = try? JSON.decode(Lease.self, from: answer.body) else { return "" }
    return held.spec?.holderIdentity ?? ""
  }

  private func arrive(_ request: APIRequest, from process: String) -> APIResponse {
    let response = server.respond(to: request)
    let isLease = request.path.contains("/leases")
    let names = request.query.map(\.name)
    // Caches list in pages; what reconciles ask for is of one worker, in one piece.
    if request.method == .get, names.contains("limit"), !names.contains("continue") {
      state.withLock { $0.lists += 1 }
    }
    guard request.method.isWrite, !isLease else { return response }
    if let path = lease.withLock({ $0 }) {
      let holder = holder(of: path)
      if holder != process {
        let what = "\(process): \(request.method.rawValue) \(request.path) while \"\(holder)\" holds the lease"
        trace.note(process, "VIOLATION \(what)")
        state.withLock { $0.violations.append(what) }
      }
    }
    guard (200..<300).contains(response.status), !request.path.contains("/events") else { return response }
    state.withLock { state in
      state.writes += 1
      if request.method == .post, let plural = request.path.split(separator: "/").last {
        state.creates[String(plural), default: 0] += 1
        if plural == "trainingtasks", let task = try? JSON.decode(TrainingTask.self, from: response.body) {
          state.tasksByJob[task.spec.jobName, default: 0] += 1
        }
      }
    }
    return response
  }

  /// Opens a stream for a process; what it reads is in the trace.
  func stream(_ request: APIRequest, from process: String) async throws(APITransportError) -> APIStream {
    let stream = try await server.stream(request)
    let what = "WATCH \(request.path.split(separator: "/").last ?? "")"
    trace.note(process, "\(what)\(Self.text(of: request.query)) -> \(stream.status)")
    let tap = Tap(stream.body) { [trace] piece in
      trace.note(process, piece.map { "\(what) \($0.count) \(Trace.digest($0))" } ?? "\(what) ended")
    }
    return APIStream(
      status: stream.status, retryAfter: stream.retryAfter,
      body: AsyncThrowingStream(unfolding: { try await tap.next() }))
  }
}

/// Passes on the pieces of a stream and tells of each.
private actor Tap {
  private var pieces: AsyncThrowingStream<Data, any Error>.Iterator
  private let tell: @Sendable (Data?) -> Void

  init(_ body: AsyncThrowingStream<Data, any Error>, _ tell: @escaping @Sendable (Data?) -> Void) {
    pieces = body.makeAsyncIterator()
    self.tell = tell
  }

  func next() async throws -> Data? {
    var iterator = pieces
    let piece = try await iterator.next(isolation: self)
    pieces = iterator
    tell(piece)
    return piece
  }
}

/// The connection of one process: once cut, nothing of that process arrives any more, nor any answer at it.
final class Lifeline: APITransport {
  private let network: FaultyTransport
  private let process: String
  private let isCut = Atomic(false)

  init(_ network: FaultyTransport, process: String) {
    self.network = network
    self.process = process
  }

  func cut() { isCut.store(true, ordering: .sequentiallyConsistent) }

  private func check() throws(APITransportError) {
    if isCut.load(ordering: .sequentiallyConsistent) { throw .unreachable("the process is dead") }
  }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    try check()
    let response = try await network.send(request, from: process)
    try check()
    return response
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    try check()
    return try await network.stream(request, from: process)
  }
}

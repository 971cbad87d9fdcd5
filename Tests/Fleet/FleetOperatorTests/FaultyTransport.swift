import Basics
import FleetAPI
import Foundation
import KubeTypes
import Synchronization

/// A transport that loses requests and answers, as networks and crashes do, and counts writes.
final class FaultyTransport: APITransport {
  private struct State {
    var random: SeededGenerator
    /// Shares of writes that never arrive, and of those that arrive but whose answer is lost.
    var lost = 0.0
    var unanswered = 0.0
    var creates: [String: Int] = [:]
    var tasksByJob: [String: Int] = [:]
    var writes = 0
  }

  private let transport: any APITransport
  private let state: Mutex<State>

  init(_ transport: any APITransport, seed: UInt64) {
    self.transport = transport
    state = Mutex(State(random: SeededGenerator(seed: seed)))
  }

  func misbehave(lost: Double, unanswered: Double) {
    state.withLock {
      $0.lost = lost
      $0.unanswered = unanswered
    }
  }

  /// Writes that reached the server; events apart, which tell and do not act.
  var writes: Int { state.withLock { $0.writes } }
  /// How often an object of a path's collection was created with success.
  func creations(_ plural: String) -> Int { state.withLock { $0.creates[plural] ?? 0 } }

  /// How many tasks of a job were ever made.
  func tasksMade(forJob name: String) -> Int { state.withLock { $0.tasksByJob[name] ?? 0 } }

  private enum Fate { case good, lost, unanswered }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    let fate = state.withLock { state -> Fate in
      guard request.method != .get else { return .good }
      let roll = Double.random(in: 0..<1, using: &state.random)
      if roll < state.lost { return .lost }
      return roll < state.lost + state.unanswered ? .unanswered : .good
    }
    if fate == .lost { throw .unreachable("lost") }
    let response = try await transport.send(request)
    if request.method != .get, (200..<300).contains(response.status), !request.path.contains("/events") {
      state.withLock { state in
        state.writes += 1
        if request.method == .post, let plural = request.path.split(separator: "/").last {
          state.creates[String(plural), default: 0] += 1
          if let task = try? JSONDecoder().decode(TrainingTask.self, from: response.body) {
            state.tasksByJob[task.spec.jobName, default: 0] += 1
          }
        }
      }
    }
    if fate == .unanswered { throw .unreachable("answer lost") }
    return response
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    try await transport.stream(request)
  }
}

/// The connection of one process: once cut, nothing of that process arrives any more, nor any answer at it.
final class Lifeline: APITransport {
  private let transport: any APITransport
  private let isCut = Atomic(false)

  init(_ transport: any APITransport) { self.transport = transport }

  func cut() { isCut.store(true, ordering: .sequentiallyConsistent) }

  private func check() throws(APITransportError) {
    if isCut.load(ordering: .sequentiallyConsistent) { throw .unreachable("the process is dead") }
  }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    try check()
    let response = try await transport.send(request)
    try check()
    return response
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    try check()
    return try await transport.stream(request)
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): seeded, so that a failing run can be replayed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

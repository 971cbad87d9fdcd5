import Basics
import KubeRuntime
import KubeTypes
import Logging

/// Sees one pod through: binds it, starts its worker, reports on it, ends it.
///
/// Cancelled, it ends the worker (SIGTERM, then SIGKILL), reports that, and returns.
struct PodSupervisor: Sendable {
  enum Outcome: Sendable {
    /// Nothing is left to do for this pod but to remove it when it is deleted.
    case done
    /// The pod went to another node before anything was started.
    case released
  }

  /// What a supervisor is told.
  enum Signal: Sendable {
    case lifecycle(PodLifecycle.Input)
    case tryAgain
  }

  let pod: Pod
  let node: String
  let address: String
  let writer: PodStatusWriter
  let resolver: EnvironmentResolver
  let launcher: any WorkerLauncher
  let clock: any RuntimeClock
  /// What a worker gets to end in when the runner itself ends.
  let shutdownGrace: Duration
  let log: Logger
  let signals: AsyncStream<Signal>
  let inbox: AsyncStream<Signal>.Continuation

  func run() async -> Outcome {
    if pod.spec?.nodeName?.isEmpty ?? true {
      switch await writer.bind(pod, to: node) {
      case .done: break
      case .gone: return .done
      case .refused: return .released
      }
    }
    guard let worker = await start() else { return .done }
    await attend(worker)
    return .done
  }

  /// Starts the worker, as often as it takes; nil where it will not be.
  private func start() async -> (any RunningWorker)? {
    var report = PodReport(pod: pod, address: address)
    var reported: String?
    while !Task.isCancelled {
      do throws(LaunchError) {
        return try await launcher.launch(try await resolver.launch(of: pod))
      } catch {
        switch error {
        case .cannotStart(let message):
          log.warning("a worker cannot be started", metadata: ["pod": "\(pod.key)", "why": "\(message)"])
          _ = await writer.report(report.failedToStart(message, at: clock.wallTime), of: pod)
          return nil
        case .notYet(let reason, let message):
          if message != reported {
            _ = await writer.report(
              report.waiting(reason: reason, message: message, at: clock.wallTime), of: pod)
            reported = message
          }
        }
      }
      guard await mayTryAgain() else { return nil }
    }
    return nil
  }

  /// Waits a second; false where the pod is no longer wanted.
  private func mayTryAgain() async -> Bool {
    let timer = remind(.tryAgain, after: .seconds(1))
    defer { timer.cancel() }
    for await signal in signals {
      switch signal {
      case .tryAgain: return true
      case .lifecycle(.deletionRequested):
        _ = await writer.remove(pod)
        return false
      case .lifecycle(.gone): return false
      case .lifecycle: continue
      }
    }
    return false
  }

  private func attend(_ worker: any RunningWorker) async {
    var lifecycle = PodLifecycle(report: PodReport(pod: pod, address: address), started: clock.wallTime)
    var grace: Task<Void, Never>?
    let ends = Task { [inbox] in
      inbox.yield(.lifecycle(.ended(await worker.end())))
    }
    let readiness = Task { [inbox] in
      for await isReady in worker.readiness { inbox.yield(.lifecycle(.readiness(isReady))) }
    }
    defer {
      ends.cancel()
      readiness.cancel()
      grace?.cancel()
    }
    var effects = lifecycle.start()
    while true {
      for effect in effects {
        switch effect {
        case .report(let status):
          if await writer.report(status, of: pod) == .gone { inbox.yield(.lifecycle(.gone)) }
        case .terminate: worker.terminate()
        case .startGrace(let seconds):
          grace?.cancel()
          grace = remind(.lifecycle(.graceOver), after: .seconds(seconds))
        case .kill: worker.kill()
        case .removePod: _ = await writer.remove(pod)
        case .finish: return
        }
      }
      guard let signal = await next() else { break }
      guard case .lifecycle(let input) = signal else {
        effects = []
        continue
      }
      effects = lifecycle.take(input, at: clock.wallTime)
    }
    await shutDown(worker, lifecycle)
  }

  private func next() async -> Signal? {
    for await signal in signals { return signal }
    return nil
  }

  /// The runner ends: so does the worker. Done in a task that nobody cancels.
  private func shutDown(_ worker: any RunningWorker, _ lifecycle: PodLifecycle) async {
    await Task {
      var lifecycle = lifecycle
      worker.terminate()
      let kill = Task {
        if (try? await clock.sleep(for: shutdownGrace)) != nil { worker.kill() }
      }
      let end = await worker.end()
      kill.cancel()
      for effect in lifecycle.take(.ended(end), at: clock.wallTime) {
        switch effect {
        case .report(let status): _ = await writer.withoutPatience.report(status, of: pod)
        case .removePod: _ = await writer.withoutPatience.remove(pod)
        case .terminate, .startGrace, .kill, .finish: break
        }
      }
    }.value
  }

  private func remind(_ signal: Signal, after duration: Duration) -> Task<Void, Never> {
    Task { [inbox, clock] in
      if (try? await clock.sleep(for: duration)) != nil { inbox.yield(signal) }
    }
  }
}

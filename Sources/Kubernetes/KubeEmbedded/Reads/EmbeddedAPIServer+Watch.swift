import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension EmbeddedAPIServer {
  /// Opens a watch: what has happened since the version asked for (or, without one, the present state as ADDED events),
  /// then each write as it happens.
  func openWatch(_ request: ParsedRequest) throws(APIFailure) -> APIStream {
    let (body, continuation) = AsyncThrowingStream<Data, any Error>.makeStream(
      bufferingPolicy: .bufferingOldest(options.watchBufferLimit))
    let form = options.expiredWatch
    let watcher: Watcher?
    do {
      watcher = try withState { (state: inout ServerState) throws(APIFailure) in
        try state.addWatcher(request, continuation)
      }
    } catch {
      guard error.code == 410, form == .errorEvent else { throw error }
      let status = (try? JSON.encode(error.status)) ?? Data()
      continuation.yield(Watcher.line("ERROR", status))
      continuation.finish()
      return APIStream(status: 200, body: body)
    }
    guard let watcher else { throw .noSuchResource }
    startBookmarks()
    let timer = timeout(of: watcher, after: request.query.timeoutSeconds)
    let executor = options.executor
    continuation.onTermination = { [weak self] _ in
      timer?.cancel()
      // Not here and now: a cancelled task calls this under its own lock, and a write, under the server's, wakes that
      // task. Each would wait for the lock that the other holds.
      Task(executorPreference: executor) { self?.withState { $0.end(watcher) } }
    }
    return APIStream(status: 200, body: body)
  }

  /// Ends a watch when the time its client asked for is over, with a last bookmark.
  private func timeout(of watcher: Watcher, after seconds: Int?) -> Task<Void, Never>? {
    guard let seconds, seconds > 0 else { return nil }
    let sleep = options.sleep
    return Task(executorPreference: options.executor) { [weak self, weak watcher] in
      guard (try? await sleep(.seconds(seconds))) != nil, !Task.isCancelled, let self, let watcher else { return }
      withState { state in
        if watcher.allowsBookmarks { _ = watcher.send(watcher.bookmark(max(state.version, watcher.from))) }
        state.end(watcher)
      }
    }
  }
}

extension ServerState {
  /// Registers a watcher and sends it what it has missed.
  mutating func addWatcher(
    _ request: ParsedRequest, _ continuation: Watcher.Continuation
  ) throws(APIFailure) -> Watcher? {
    let target = try target(of: request)
    var query = request.query
    if let name = target.name {
      query.fieldSelector = "metadata.name=\(name)"
    }
    let selection = try selection(query, target.type)
    let from = query.resourceVersion ?? 0
    lastWatcher += 1
    let watcher = Watcher(
      id: lastWatcher, type: target.type, version: target.version.name, namespace: target.namespace,
      selection: selection, allowsBookmarks: query.allowsBookmarks, from: from, continuation: continuation)
    let collection = collections[target.type.id] ?? Collection()
    var initial = Data()
    if from == 0 {
      for (key, object) in collection.objects.sorted(by: { $0.key < $1.key }) {
        guard target.namespace == nil || key.namespace == target.namespace, selection.matches(object) else { continue }
        initial.append(watcher.line(.added, object))
      }
    } else {
      guard from >= expiredVersion, let missed = collection.history.after(from) else {
        let oldest = max(expiredVersion, collection.history.compactedVersion)
        throw .expired("too old resource version: \(from) (\(oldest))")
      }
      for entry in missed {
        if let line = watcher.line(for: entry) { initial.append(line) }
      }
    }
    if watcher.allowsBookmarks { initial.append(watcher.bookmark(max(version, from))) }
    if !initial.isEmpty { _ = watcher.send(initial) }
    collections[target.type.id, default: Collection()].watchers[watcher.id] = watcher
    return watcher
  }
}

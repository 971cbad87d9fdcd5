import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization

/// A handler of an ``Informer``'s changes, until it is removed.
public struct HandlerRegistration: Sendable {
  private let onRemoval: @Sendable () -> Void

  init(_ onRemoval: @escaping @Sendable () -> Void) { self.onRemoval = onRemoval }

  /// Ends the calls; one that is under way may still be finished.
  public func remove() { onRemoval() }
}

/// Keeps a ``Store`` equal to what the API server holds of a resource, and tells of every change.
///
/// Guarantees: handlers are called one at a time in the order of registration, after the store holds the change; the store
/// ends up equal to the server whatever breaks in between; ``run()`` goes on until it is cancelled.
/// Caveat: a handler that takes long holds up the watch. It is meant to put a key on a queue.
public final class Informer<Object: KubeObject>: Sendable {
  public let store: Store<Object>
  private let resource: Resource<Readable<Object>>
  private let labelSelector: String?
  private let fieldSelector: String?
  private let pageSize: Int
  private let trim: @Sendable (inout Object) -> Void
  private let clock: any RuntimeClock
  private let random: SplitMix64
  private let log: Logger
  private let synced = Gate()
  private let handlers = Mutex(Handlers())
  private let contact = Mutex(Contact())

  private struct Handlers {
    var all: [(id: Int, call: @Sendable (ObjectChange<Object>) -> Void)] = []
    var nextID = 0
  }

  private struct Contact {
    var isOpen = false
    var last: Duration?
    /// When ``run()`` last did anything, be it in vain.
    var moved: Duration?
  }

  /// - Parameters:
  ///   - resource: what to watch, in one namespace or all.
  ///   - labelSelector: only objects with these labels: what keeps the cache small in a large cluster.
  ///   - trim: drops what nobody reads before an object is kept.
  ///   - pageSize: objects a page of the list.
  public init(
    _ resource: Resource<Object>, labelSelector: String? = nil, fieldSelector: String? = nil,
    indexes: [StoreIndex<Object>] = [], trim: @escaping @Sendable (inout Object) -> Void = { _ in },
    pageSize: Int = 500, clock: any RuntimeClock = .system, random: SplitMix64 = SplitMix64(),
    log: Logger = Logger(label: "informer")
  ) {
    self.resource = Resource(
      client: resource.client, definition: resource.definition, namespace: resource.namespace)
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.trim = trim
    self.pageSize = pageSize
    self.clock = clock
    self.random = random
    var log = log
    log[metadataKey: "resource"] = "\(resource.definition.plural)"
    self.log = log
    store = Store(indexes: indexes)
  }

  /// Registers a handler of changes, at any time: what the store holds when this returns is either there for the caller
  /// to read, or told to the handler; what it is told may be there already.
  @discardableResult
  public func onChange(_ handler: @escaping @Sendable (ObjectChange<Object>) -> Void) -> HandlerRegistration {
    let id = handlers.withLock { handlers in
      handlers.nextID += 1
      handlers.all.append((handlers.nextID, handler))
      return handlers.nextID
    }
    return HandlerRegistration { [weak self] in self?.handlers.withLock { $0.all.removeAll { $0.id == id } } }
  }

  /// How many handlers are registered.
  var handlerCount: Int { handlers.withLock { $0.all.count } }

  /// Returns when the first list is in the store.
  /// - Throws: `CancellationError` when the task is cancelled before.
  public func waitUntilSynced() async throws { try await synced.wait() }

  /// True while the cache is complete and the server was heard of lately: a watch is open, or one was in the last minute.
  public var isHealthy: Bool {
    let contact = contact.withLock { $0 }
    guard store.isSynced, let last = contact.last else { return false }
    return contact.isOpen || clock.now - last < .seconds(60)
  }

  /// When ``run()`` last did anything: heard of the server, or tried to; nil before it runs. It may stand still for as long
  /// as a watch may be silent.
  public var lastMoved: Duration? { contact.withLock { $0.moved } }

  /// Lists and watches until cancelled; never gives up.
  public func run() async {
    var reflector = Reflector(store: store, trim: trim, machine: WatcherStateMachine(random: random))
    var action = reflector.start()
    while !Task.isCancelled {
      let now = clock.now
      contact.withLock { $0.moved = now }
      switch action {
      case .list(let token): action = await list(token, &reflector)
      case .watch(let request): action = await watch(request, &reflector)
      case .wait(let duration, let notice):
        if let notice { logProblem(notice, wait: duration) }
        try? await clock.sleep(for: duration)
        if Task.isCancelled { return }
        action = reflector.waited()
      }
    }
  }

  private func list(_ token: String?, _ reflector: inout Reflector<Object>) async -> WatcherStateMachine.Action {
    do {
      // No resourceVersion: the newest state, never one from before what this process, or the one before it, has seen.
      let page = try await resource.list(
        ListOptions(
          labelSelector: labelSelector, fieldSelector: fieldSelector, limit: pageSize, continue: token))
      touch()
      let outcome = reflector.pageArrived(page)
      deliver(outcome)
      guard let action = outcome.action else { return reflector.listFailed(.failed("a page led nowhere")) }
      if case .watch = action, !synced.isOpen {
        log.debug("synced", metadata: ["objects": "\(store.count)"])
        synced.open()
      }
      return action
    } catch {
      return reflector.listFailed(WatchProblem(error))
    }
  }

  private enum WatchEnd: Sendable {
    case ended(after: Duration)
    case failed(WatchProblem)
    case decided(WatcherStateMachine.Action)

    var isDecided: Bool { if case .decided = self { true } else { false } }
  }

  private func watch(
    _ request: WatcherStateMachine.WatchRequest, _ reflector: inout Reflector<Object>
  ) async -> WatcherStateMachine.Action {
    let (next, end) = await watching(request, reflector)
    reflector = next
    contact.withLock { $0.isOpen = false }
    switch end {
    case .ended(let open): return reflector.watchEnded(after: open)
    case .failed(let problem): return reflector.watchFailed(problem)
    case .decided(let action): return action
    }
  }

  /// Reads one watch to its end, beside a watchdog that ends it when nothing comes for too long.
  private func watching(
    _ request: WatcherStateMachine.WatchRequest, _ reflector: Reflector<Object>
  ) async -> (Reflector<Object>, WatchEnd) {
    await withTaskGroup(of: Optional<(Reflector<Object>, WatchEnd)>.self) { group in
      touch()
      group.addTask { await self.read(request, reflector) }
      group.addTask {
        await self.watchForSilence(longerThan: request.idleTimeout)
        return nil
      }
      var isSilent = false
      while let finished = await group.next() {
        group.cancelAll()
        guard let (reflector, end) = finished else {
          isSilent = true
          continue
        }
        // What a read says that the watchdog ended is only that it was ended.
        if isSilent, !end.isDecided { return (reflector, .failed(.silent)) }
        return (reflector, end)
      }
      return (reflector, .failed(.silent))
    }
  }

  private func read(
    _ request: WatcherStateMachine.WatchRequest, _ start: Reflector<Object>
  ) async -> (Reflector<Object>, WatchEnd) {
    var reflector = start
    do {
      let events = try await resource.watch(
        WatchOptions(
          labelSelector: labelSelector, fieldSelector: fieldSelector, resourceVersion: request.resourceVersion,
          timeoutSeconds: request.timeoutSeconds))
      let opened = clock.now
      reflector.watchOpened()
      touch(isOpen: true)
      for try await event in events {
        touch(isOpen: true)
        let outcome = reflector.eventArrived(event)
        deliver(outcome)
        if let action = outcome.action { return (reflector, .decided(action)) }
      }
      return (reflector, .ended(after: clock.now - opened))
    } catch {
      return (reflector, .failed(WatchProblem(error)))
    }
  }

  private func watchForSilence(longerThan limit: Duration) async {
    while !Task.isCancelled {
      let deadline = contact.withLock { $0.last ?? .zero } + limit
      if deadline <= clock.now { return }
      try? await clock.sleep(until: deadline)
    }
  }

  private func touch(isOpen: Bool = false) {
    let now = clock.now
    contact.withLock { $0 = Contact(isOpen: isOpen, last: now, moved: now) }
  }

  private func deliver(_ outcome: Reflector<Object>.Outcome) {
    for (key, why) in outcome.unreadable {
      log.warning("an object cannot be read and is passed over", metadata: ["object": "\(key)", "why": "\(why)"])
    }
    guard !outcome.changes.isEmpty else { return }
    let handlers = handlers.withLock { $0.all }
    for change in outcome.changes {
      for handler in handlers { handler.call(change) }
    }
  }

  private func logProblem(_ problem: WatchProblem, wait: Duration) {
    let metadata: Logger.Metadata = ["why": "\(problem.summary)", "retryIn": "\(wait)"]
    switch problem {
    case .gone, .silent: log.info("the watch begins anew", metadata: metadata)
    case .throttled, .notServed, .denied, .failed: log.warning("cannot list or watch; will retry", metadata: metadata)
    }
  }
}

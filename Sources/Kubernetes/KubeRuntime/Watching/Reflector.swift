import KubeAccess
import KubeTypes

/// Joins the watcher's decisions with a store: takes what the server sent, brings the store up to date, and says what changed
/// and what to do next. Still no I/O: the ``Informer`` does what it says.
struct Reflector<Object: KubeObject>: Sendable {
  typealias Action = WatcherStateMachine.Action

  /// What came of one input.
  struct Outcome: Sendable {
    var changes: [ObjectChange<Object>] = []
    /// What to do next; nil: go on reading the watch.
    var action: Action?
    /// Objects that could not be read, for the log.
    var unreadable: [(key: ObjectKey, why: String)] = []
  }

  private(set) var machine: WatcherStateMachine
  private let store: Store<Object>
  private let trim: @Sendable (inout Object) -> Void
  private var pages: [Object] = []
  private var unreadable: [(key: ObjectKey, why: String)] = []

  init(
    store: Store<Object>, trim: @escaping @Sendable (inout Object) -> Void = { _ in },
    machine: WatcherStateMachine = WatcherStateMachine()
  ) {
    self.store = store
    self.trim = trim
    self.machine = machine
  }

  mutating func start() -> Action { machine.start() }
  mutating func waited() -> Action { machine.waited() }
  mutating func watchOpened() { machine.watchOpened() }
  mutating func listFailed(_ problem: WatchProblem) -> Action { discardingPages(machine.listFailed(problem)) }
  mutating func watchFailed(_ problem: WatchProblem) -> Action { discardingPages(machine.watchFailed(problem)) }
  mutating func watchEnded(after open: Duration) -> Action { machine.watchEnded(after: open) }

  /// A page of the list came; with the last one the store is swapped.
  mutating func pageArrived(_ page: ObjectList<Readable<Object>>) -> Outcome {
    for item in page.items {
      switch item {
      case .object(var object):
        trim(&object)
        pages.append(object)
      case .unreadable(let key, _, let why):
        unreadable.append((key, why))
        // Who is there but cannot be read stays as last known: to call it deleted would be a lie with consequences.
        if let known = store[key] { pages.append(known) }
      }
    }
    let action = machine.pageArrived(
      continue: page.metadata.continue, resourceVersion: page.metadata.resourceVersion)
    guard case .watch = action else {
      return Outcome(action: discardingPages(action))
    }
    let outcome = Outcome(changes: store.replace(with: pages), action: action, unreadable: unreadable)
    (pages, unreadable) = ([], [])
    return outcome
  }

  /// An event of the watch came.
  mutating func eventArrived(_ event: WatchEvent<Readable<Object>>) -> Outcome {
    var outcome = Outcome()
    switch event {
    case .added(let item), .modified(let item):
      switch item {
      case .object(var object):
        trim(&object)
        outcome.changes = store.apply(object)
        machine.progressed(to: object.resourceVersion)
      case .unreadable(let key, let version, let why):
        outcome.unreadable = [(key, why)]
        machine.progressed(to: version ?? "")
      }
    case .deleted(let item):
      switch item {
      case .object(var object):
        trim(&object)
        // What the event carries is the newest state; what was held only says that anybody knew of it.
        if store.remove(object.key) != nil { outcome.changes = [.deleted(object)] }
        machine.progressed(to: object.resourceVersion)
      case .unreadable(let key, let version, _):
        if let last = store.remove(key) { outcome.changes = [.deleted(last)] }
        machine.progressed(to: version ?? "")
      }
    case .bookmark(let version): machine.progressed(to: version)
    case .error(let status): outcome.action = watchFailed(WatchProblem(status))
    }
    return outcome
  }

  /// Pages of a list that begins anew, or is given up, are void.
  private mutating func discardingPages(_ action: Action) -> Action {
    if case .list(.some) = action { return action }
    (pages, unreadable) = ([], [])
    return action
  }
}

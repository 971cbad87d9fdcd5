import Basics

/// What a watcher does next, decided from what happened: no I/O, no clock.
///
/// The life of a watch as the Kubernetes API describes it ("Efficient detection of changes", API concepts) and kube-rs shaped it:
/// list in pages, watch from the list's version, resume where a watch ended, list anew only on 410.
///
/// Guarantees: every way out of a state leads to another one, so a watcher never stops by itself; each failure that
/// follows a failure waits longer; an empty watch that ends at once counts as one.
/// Assumption: resource versions are opaque, only handed back to the server.
public struct WatcherStateMachine: Sendable {
  public enum State: Sendable, Equatable {
    case idle
    /// Waiting for a page; nil is the first one.
    case listing(continue: String?)
    /// A watch from this version was asked for and is not open yet.
    case opening(resourceVersion: String)
    /// A watch is open; all up to this version has been seen.
    case watching(resourceVersion: String)
    /// Waiting before a next try: of a list (nil) or of a watch from this version.
    case waiting(resume: String?)
  }

  public struct WatchRequest: Sendable, Equatable {
    public var resourceVersion: String
    /// When the server shall end the watch, in seconds; spread, so that not all watches of a fleet end together.
    public var timeoutSeconds: Int
    /// How long nothing may be heard before the connection counts as dead: longer than the server keeps a watch.
    public var idleTimeout: Duration { .seconds(timeoutSeconds + 30) }
  }

  /// What the shell must do; it reports the outcome by one of the mutating methods.
  public enum Action: Sendable, Equatable {
    /// Ask for a page; nil starts a new list, pages collected before are void.
    case list(continue: String?)
    case watch(WatchRequest)
    /// `notice` is to be logged; nil where the same was logged before.
    case wait(Duration, notice: WatchProblem?)
  }

  public private(set) var state = State.idle
  /// True while the last exchange with the server went well.
  public private(set) var isInContact = false
  private let backoff: Backoff
  private var random: SplitMix64
  private var failures = 0
  /// True from a 410 until the server has shown news of a watch: a second 410 then is a failure like any other.
  private var relistedForGone = false
  /// Whether the present watch has brought anything.
  private var broughtEvents = false
  private var noticed: Int?

  public init(backoff: Backoff = .watch, random: SplitMix64 = SplitMix64()) {
    self.backoff = backoff
    self.random = random
  }

  /// Starts with a list.
  public mutating func start() -> Action { list(continue: nil) }

  /// A page came.
  /// - Returns: the next page's request, or a watch: then the list is complete and the store is to be swapped first.
  public mutating func pageArrived(continue token: String?, resourceVersion: String?) -> Action {
    guard case .listing = state else { return unexpected("a page") }
    if let token, !token.isEmpty { return list(continue: token) }
    guard let resourceVersion, !resourceVersion.isEmpty else {
      return fail(.failed("the server's list carries no resourceVersion"), resume: nil)
    }
    contact()
    return watch(from: resourceVersion)
  }

  /// The list could not be read, or a page of it.
  public mutating func listFailed(_ problem: WatchProblem) -> Action {
    guard case .listing(let token) = state else { return unexpected("a failed list") }
    // A page token lives some minutes only; the list begins anew once before that counts as a failure.
    if problem == .gone, token != nil, !relistedForGone {
      relistedForGone = true
      return list(continue: nil)
    }
    return fail(problem, resume: nil)
  }

  /// The server accepted the watch.
  public mutating func watchOpened() {
    guard case .opening(let version) = state else { return }
    broughtEvents = false
    state = .watching(resourceVersion: version)
  }

  /// An event or a bookmark came: all up to `resourceVersion` is seen.
  public mutating func progressed(to resourceVersion: String) {
    guard case .watching(let version) = state else { return }
    contact()
    broughtEvents = true
    relistedForGone = false
    state = .watching(resourceVersion: resourceVersion.isEmpty ? version : resourceVersion)
  }

  /// The server ended the watch, as it does after `timeoutSeconds`.
  /// - Parameter after: how long it was open.
  public mutating func watchEnded(after open: Duration) -> Action {
    guard let version = watchedVersion else { return unexpected("the end of a watch") }
    // A server or proxy that closes every watch at once must not be asked again and again without a pause. One that ends
    // a watch that brought something is only busy: it drops watchers that take their events too slowly.
    guard open >= .seconds(1) || broughtEvents else {
      return fail(.failed("the server ended the watch at once"), resume: version)
    }
    contact()
    return watch(from: version)
  }

  /// The watch could not be opened, broke, fell silent, or brought an ERROR event.
  public mutating func watchFailed(_ problem: WatchProblem) -> Action {
    guard let version = watchedVersion else { return unexpected("a failed watch") }
    if problem == .gone {
      guard !relistedForGone else { return fail(problem, resume: nil) }
      relistedForGone = true
      return list(continue: nil)
    }
    return fail(problem, resume: version)
  }

  /// The wait is over.
  public mutating func waited() -> Action {
    guard case .waiting(let version) = state else { return unexpected("the end of a wait") }
    return version.map { watch(from: $0) } ?? list(continue: nil)
  }

  private var watchedVersion: String? {
    switch state {
    case .opening(let version), .watching(let version): version
    case .idle, .listing, .waiting: nil
    }
  }

  private mutating func contact() {
    failures = 0
    isInContact = true
    noticed = nil
  }

  private mutating func list(continue token: String?) -> Action {
    state = .listing(continue: token)
    return .list(continue: token)
  }

  private mutating func watch(from version: String) -> Action {
    state = .opening(resourceVersion: version)
    return .watch(
      WatchRequest(resourceVersion: version, timeoutSeconds: Int.random(in: 240...300, using: &random)))
  }

  private mutating func fail(_ problem: WatchProblem, resume version: String?) -> Action {
    failures += 1
    isInContact = false
    state = .waiting(resume: version)
    var wait = backoff.delay(afterFailures: failures, using: &random)
    if case .throttled(let seconds) = problem {
      // Never earlier than asked, and not all at once.
      wait = max(wait, .seconds(seconds) + .milliseconds(Int.random(in: 0..<1000, using: &random)))
    }
    let notice = noticed == problem.kind ? nil : problem
    noticed = problem.kind
    return .wait(wait, notice: notice)
  }

  /// The shell reported what this state cannot bring: begin anew rather than stop.
  private mutating func unexpected(_ what: String) -> Action {
    assertionFailure("\(what) in state \(state)")
    return fail(.failed("\(what) in state \(state)"), resume: nil)
  }
}

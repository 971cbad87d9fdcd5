import CCurl
import Glibc
import KubeTypes
import Synchronization

/// libcurl's multi interface on one thread of its own: all transfers of a transport, however many, and the connections
/// they share.
///
/// Unchecked Sendable: the multi handle and all transfers in it are touched by that thread alone; others only put
/// commands into a locked list and wake it (`curl_multi_wakeup` is documented as safe from any thread).
final class CurlEngine: @unchecked Sendable {
  enum Command: Sendable {
    case add(Transfer)
    case cancel(Transfer)
    /// The consumer of a paused stream has room again.
    case resume(Transfer)
    case stop
  }

  private struct Inbox {
    var commands: [Command] = []
    var isStopped = false
  }

  private let multi: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())
  private var active: [ObjectIdentifier: Transfer] = [:]
  private var idleHandles: [UnsafeMutableRawPointer] = []
  private var nextExpiry = ContinuousClock.now

  /// The most unused handles that are kept for the next transfers.
  private static let maxIdleHandles = 16
  private static let globalInit: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Parameter maxConnections: to one server at once; what goes beyond waits for one. 0: no limit.
  /// - Returns: nil where libcurl cannot be used (out of memory).
  init?(maxConnections: Int) {
    guard Self.globalInit, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    ccurl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000)
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
    ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maxConnections)
  }

  /// - Returns: false where no thread can be made; the engine is of no use then.
  func start() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<CurlEngine>.fromOpaque(context).takeRetainedValue().loop()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      shutDown()
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Hands a command to the thread. After ``Command/stop`` only transfers to add are answered, with an error.
  func submit(_ command: Command) {
    let accepted = inbox.withLock { inbox in
      if inbox.isStopped { return false }
      // The first command wakes the thread, which takes all that have come by then. Woken inside the lock, for
      // `shutDown` frees the multi handle as soon as it has set `isStopped` there.
      if inbox.commands.isEmpty { curl_multi_wakeup(multi) }
      inbox.commands.append(command)
      return true
    }
    if !accepted, case .add(let transfer) = command {
      transfer.finish(.unreachable("the connection was closed"))
    }
  }

  // MARK: On the thread

  private func loop() {
    while true {
      let commands = inbox.withLock { inbox in
        defer { inbox.commands.removeAll(keepingCapacity: true) }
        return inbox.commands
      }
      for (index, command) in commands.enumerated() where !execute(command) {
        shutDown(unexecuted: commands[(index + 1)...])
        return
      }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      reap()
      expireUnanswered()
      curl_multi_poll(multi, nil, 0, active.isEmpty ? 60_000 : 1000, nil)
    }
  }

  /// - Returns: false for the command to stop.
  private func execute(_ command: Command) -> Bool {
    switch command {
    case .add(let transfer): add(transfer)
    case .cancel(let transfer):
      transfer.isCancelled = true
      if active[ObjectIdentifier(transfer)] != nil { end(transfer, .cancelled) }
    case .resume(let transfer):
      if let handle = transfer.handle, transfer.isPaused {
        transfer.isPaused = false
        curl_easy_pause(handle, CURLPAUSE_CONT)
      }
    case .stop: return false
    }
    return true
  }

  private func add(_ transfer: Transfer) {
    guard !transfer.isCancelled else {
      transfer.finish(.cancelled)
      return
    }
    guard let handle = idleHandles.popLast() ?? curl_easy_init() else {
      transfer.finish(.unreachable("libcurl is out of memory"))
      return
    }
    transfer.attach(to: handle)
    let result = curl_multi_add_handle(multi, handle)
    guard result == CURLM_OK else {
      transfer.detach()
      recycle(handle)
      transfer.finish(.unreachable(String(cString: curl_multi_strerror(result))))
      return
    }
    active[ObjectIdentifier(transfer)] = transfer
  }

  /// Ends transfers that libcurl is done with.
  private func reap() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
      let result = ccurl_message_result(message)
      var context: UnsafeMutableRawPointer?
      ccurl_get_pointer(handle, &context)
      guard let context else { continue }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      end(transfer, result == CURLE_OK ? nil : transfer.error(for: result))
    }
  }

  /// Ends streams whose server took the request and never answered: a stream has no limit on its whole time.
  private func expireUnanswered() {
    let now = ContinuousClock.now
    guard now >= nextExpiry else { return }
    nextExpiry = now + .seconds(1)
    for transfer in active.values {
      if let deadline = transfer.answerDeadline, !transfer.hasAnswer, now > deadline {
        end(transfer, .timedOut("no answer to \(transfer.label)"))
      }
    }
  }

  private func end(_ transfer: Transfer, _ error: APITransportError?) {
    active[ObjectIdentifier(transfer)] = nil
    if let handle = transfer.handle {
      transfer.completeHead()
      curl_multi_remove_handle(multi, handle)
      transfer.detach()
      recycle(handle)
    }
    transfer.finish(error)
  }

  private func recycle(_ handle: UnsafeMutableRawPointer) {
    if idleHandles.count < Self.maxIdleHandles {
      curl_easy_reset(handle)
      idleHandles.append(handle)
    } else {
      curl_easy_cleanup(handle)
    }
  }

  /// Ends all that is under way, and frees everything.
  /// - Parameter unexecuted: commands that were taken from the inbox behind the one to stop.
  private func shutDown(unexecuted: ArraySlice<Command> = []) {
    let rest = inbox.withLock { inbox in
      inbox.isStopped = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
    for transfer in active.values { end(transfer, .cancelled) }
    for case .add(let transfer) in unexecuted + rest { transfer.finish(.cancelled) }
    for handle in idleHandles { curl_easy_cleanup(handle) }
    idleHandles = []
    curl_multi_cleanup(multi)
  }
}

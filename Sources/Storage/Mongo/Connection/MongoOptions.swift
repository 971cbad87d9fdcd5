/// How a ``MongoClient`` connects. What the URI says has precedence over all of it but the operation's time.
package struct MongoOptions: Sendable, Hashable {
  /// What the server's log calls this program; 128 bytes at most.
  package var appName: String
  /// Connections to each server, and so operations at once.
  package var maxPoolSize: Int
  /// How long to look for a server.
  package var serverSelectionTimeout: Duration
  package var connectTimeout: Duration
  /// How long a connection may be silent while an answer is waited for.
  package var socketTimeout: Duration
  /// How long the server may work on a command, and how long a call waits for one of the pool's connections.
  package var operationTimeout: Duration

  package init(
    appName: String = "", maxPoolSize: Int = 8, serverSelectionTimeout: Duration = .seconds(5),
    connectTimeout: Duration = .seconds(5), socketTimeout: Duration = .seconds(30),
    operationTimeout: Duration = .seconds(60)
  ) {
    self.appName = appName
    self.maxPoolSize = max(1, maxPoolSize)
    self.serverSelectionTimeout = serverSelectionTimeout
    self.connectTimeout = connectTimeout
    self.socketTimeout = socketTimeout
    self.operationTimeout = operationTimeout
  }
}

extension Duration {
  /// Whole milliseconds, at least one, as the C driver counts.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    return Int32(
      clamping: max(1, seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000)
    )
  }
}

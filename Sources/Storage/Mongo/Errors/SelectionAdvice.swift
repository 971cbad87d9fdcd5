/// What to look at when no server can be reached: only what fits the cause that the driver reports.
struct SelectionAdvice: Sendable {
  /// Hosts as the URI has them.
  let hosts: [String]
  let usesTLS: Bool

  private var isAtlas: Bool { hosts.contains { $0.contains(".mongodb.net") } }
  private static let accessList = "add this machine's address to the IP access list of the Atlas project"

  func error(_ message: String) -> MongoError {
    let detail = Self.cause(in: message)
    let lower = detail.lowercased()
    func failure(_ advice: String) -> MongoError {
      MongoError(.serverSelection, "no MongoDB server at \(hosts.joined(separator: ", ")): \(detail); \(advice)")
    }
    if lower.contains("resolve") || lower.contains("dns") || lower.contains("srv") || lower.contains("txt record") {
      return failure("check the host name and that this machine's DNS knows it")
    }
    // How Atlas answers whom it does not know.
    if isAtlas, lower.contains("alert internal error") { return failure(Self.accessList) }
    if lower.contains("tls") || lower.contains("ssl") || lower.contains("certificate") { return tlsError(detail) }
    if lower.contains("refused") {
      return failure("the machine answers but nothing listens there: check the port and that the server runs")
    }
    if lower.contains("replica") || lower.contains("set name") {
      return failure("check the URI's replicaSet, and that the set has a primary")
    }
    if lower.contains("closed") || lower.contains("eof") || lower.contains("reset") || lower.contains("socket error") {
      if isAtlas { return failure(Self.accessList) }
      return failure(
        usesTLS
          ? "check that the server speaks TLS on this port, and takes this client's certificate (tlsCertificateKeyFile)"
          : "check whether the server wants TLS (tls=true)")
    }
    if lower.contains("timeout") || lower.contains("timed out") || lower.contains("expired") {
      return failure(
        isAtlas ? "\(Self.accessList), and check that a firewall lets port 27017 out" : "check host, port and firewall")
    }
    return failure("check host, port and network")
  }

  /// Why the records of a `mongodb+srv` name lead to no server.
  func recordsError(_ message: String) -> MongoError {
    MongoError(
      .serverSelection,
      "the DNS records of \(hosts.joined(separator: ", ")) lead to no MongoDB server: \(message); check the host name and "
        + "that this machine's DNS answers for SRV and TXT records")
  }

  func tlsError(_ detail: String) -> MongoError {
    let lower = detail.lowercased()
    let advice: String
    if lower.contains("hostname") || lower.contains("host name") || lower.contains("mismatch") {
      advice = "the server's certificate is not for this host name: use the name that it is for"
    } else if lower.contains("certificate verify") || lower.contains("self signed") || lower.contains("self-signed")
      || lower.contains("unable to get local issuer")
    {
      advice =
        "this machine does not trust who signed the server's certificate, or it is not for this host name: "
        + "give the CA with tlsCAFile"
    } else if lower.contains("certificate required") || lower.contains("bad certificate")
      || lower.contains("handshake failure")
    {
      advice = "the server does not take the client's certificate: give one with tlsCertificateKeyFile"
    } else if isAtlas {
      advice = Self.accessList
    } else {
      advice = "check that the server speaks TLS on this port, and tlsCAFile and tlsCertificateKeyFile"
    }
    return MongoError(.tls, "no TLS connection to \(hosts.joined(separator: ", ")): \(detail); \(advice)")
  }

  /// The part of the driver's message that says why: `No suitable servers found …: [cause]`.
  private static func cause(in message: String) -> String {
    guard let start = message.firstIndex(of: "["), let end = message.lastIndex(of: "]"), start < end else {
      return message
    }
    return String(message[message.index(after: start)..<end])
  }
}

import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on this machine whose answers a test decides, the dishonest ones included. One request a
/// connection.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// Names in lower case.
    var headers: [String: String]
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// What the head says of the body's length; nil: the truth. Negative: nothing.
    var announced: Int?
    /// The connection is cut after so many bytes of the body.
    var cutAfter: Int?
    /// Seconds before the head is sent.
    var delay = 0.0
    /// Seconds between the head and the body.
    var stall = 0.0
  }

  let port: UInt16
  private let descriptor: Int32
  private let log = Mutex<[Request]>([])
  private let answer: @Sendable (Request, Int) -> Answer

  /// - Parameter answer: gets the request and how many came before it.
  init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
    self.answer = answer
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in serve() }.start()
  }

  /// Ends the server. (Its thread keeps it alive until then.)
  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  var requests: [Request] { log.withLock { $0 } }
  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  private func serve() {
    while true {
      let connection = accept(descriptor, nil, nil)
      if connection < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        close(descriptor)
        return
      }
      Thread { [self] in
        exchange(connection)
        close(connection)
      }.start()
    }
  }

  private func exchange(_ connection: Int32) {
    guard let request = read(connection) else { return }
    let number = log.withLock { log in
      log.append(request)
      return log.count - 1
    }
    let answer = answer(request, number)
    if answer.delay > 0 { Thread.sleep(forTimeInterval: answer.delay) }
    var head = "HTTP/1.1 \(answer.status) Status\r\nConnection: close\r\n"
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    let length = answer.announced ?? answer.body.count
    if length >= 0, answer.status != 304 { head += "Content-Length: \(length)\r\n" }
    send(connection, Array((head + "\r\n").utf8))
    if answer.stall > 0 { Thread.sleep(forTimeInterval: answer.stall) }
    send(connection, Array(answer.body.prefix(answer.cutAfter ?? answer.body.count)))
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Request(path: lines[0].components(separatedBy: " ").dropFirst().first ?? "", headers: headers)
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(connection, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

extension LoopbackServer.Answer {
  /// The rest of `body` that a request asks for, as an honest server gives it.
  static func honest(_ body: [UInt8], tag: String = "\"v1\"", _ request: LoopbackServer.Request) -> Self {
    var answer = Self(headers: ["ETag": tag], body: body)
    if request.headers["if-none-match"] == tag { return Self(status: 304, headers: ["ETag": tag]) }
    guard let range = request.headers["range"], let start = Int(range.dropFirst("bytes=".count).dropLast()),
      request.headers["if-range"].map({ $0 == tag }) ?? true
    else { return answer }
    guard start < body.count else {
      return Self(status: 416, headers: ["Content-Range": "bytes */\(body.count)"])
    }
    answer.status = 206
    answer.headers["Content-Range"] = "bytes \(start)-\(body.count - 1)/\(body.count)"
    answer.body = Array(body[start...])
    return answer
  }
}

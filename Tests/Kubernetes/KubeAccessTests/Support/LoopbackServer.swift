import CCrypto
import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on a port of the loopback interface, with a thread for each connection: what a handler does with
/// its socket is what the client sees, byte by byte.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var method: String
    var target: String
    var headers: [String: String]
    var body: Data
  }

  struct Failure: Error { var call: String }

  /// One accepted connection; used by its own thread alone.
  struct Connection: Sendable {
    let socket: Int32
    /// A closed connection is an error of the call, not the end of the process.
    private let noSignal = Int32(MSG_NOSIGNAL)

    init(socket: Int32) { self.socket = socket }

    /// Writes all of it, blocking; false once the client has closed.
    @discardableResult
    func write(_ text: String) -> Bool { write(Data(text.utf8)) }

    @discardableResult
    func write(_ data: Data) -> Bool {
      var rest = data[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, noSignal) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    /// A whole answer.
    @discardableResult
    func answer(_ status: Int, headers: [String] = [], _ body: String = "") -> Bool {
      let lines = ["HTTP/1.1 \(status) Some", "Content-Length: \(body.utf8.count)"] + headers
      return write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// The head of an answer in chunks; ``chunk(_:)`` gives its parts.
    @discardableResult
    func startChunks(_ status: Int = 200) -> Bool {
      write("HTTP/1.1 \(status) Some\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @discardableResult
    func chunk(_ text: String) -> Bool {
      write(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
    }

    @discardableResult
    func endChunks() -> Bool { write("0\r\n\r\n") }

    /// Blocks until the client closes its side, or `seconds` have passed.
    /// - Returns: true where it closed.
    func waitForClose(seconds: Int = 20) -> Bool {
      var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      while Glibc.poll(&poll, 1, Int32(seconds * 1000)) > 0 {
        if recv(socket, &byte, 1, 0) <= 0 { return true }
      }
      return false
    }
  }

  /// - Returns: true to keep the connection for another request.
  typealias Handler = @Sendable (Request, Connection) -> Bool

  private struct State {
    var connections = 0
    var requests: [Request] = []
  }

  let port: Int
  private let listener: Int32
  private let handler: Handler
  private let state = Mutex(State())

  var url: String { "http://127.0.0.1:\(port)" }
  /// Connections accepted so far.
  var connectionCount: Int { state.withLock { $0.connections } }
  var requests: [Request] { state.withLock { $0.requests } }

  init(_ handler: @escaping Handler) throws {
    let (listener, port) = try Self.listen()
    self.listener = listener
    self.port = port
    self.handler = handler
    Self.thread { [weak self] in
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else { break }
        guard let server = self else {
          close(socket)
          break
        }
        server.state.withLock { $0.connections += 1 }
        Self.thread { [handler = server.handler, weak server] in
          Self.serve(Connection(socket: socket), handler) { request in
            server?.state.withLock { $0.requests.append(request) }
          }
          close(socket)
        }
      }
      close(listener)
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  /// A port of the loopback interface where nobody listens.
  static func unusedPort() throws -> Int {
    let (listener, port) = try listen()
    close(listener)
    return port
  }

  private static func listen() throws -> (socket: Int32, port: Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw Failure(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && Glibc.listen(listener, 1024) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw Failure(call: "bind, listen or getsockname") }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) {
    var id = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 256 << 10)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let context = Unmanaged.passRetained(Work(body)).toOpaque()
    let result = pthread_create(
      &id, &attributes,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
    precondition(result == 0, "pthread_create: \(result)")
  }

  private static func serve(_ connection: Connection, _ handler: Handler, _ record: (Request) -> Void) {
    var input = Data()
    while let request = read(from: connection.socket, &input) {
      record(request)
      guard handler(request, connection) else { return }
    }
  }

  private static func read(from socket: Int32, _ input: inout Data) -> Request? {
    func more() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      input.append(contentsOf: buffer[..<count])
      return true
    }
    let separator = Data("\r\n\r\n".utf8)
    while input.firstRange(of: separator) == nil { guard more() else { return nil } }
    guard let end = input.firstRange(of: separator) else { return nil }
    let lines = String(decoding: input[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let first = lines[0].split(separator: " ").map(String.init)
    guard first.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let length = Int(headers["content-length"] ?? "0") ?? 0
    while input.distance(from: end.upperBound, to: input.endIndex) < length { guard more() else { return nil } }
    let body = Data(input[end.upperBound...].prefix(length))
    input = Data(input[end.upperBound...].dropFirst(length))
    return Request(method: first[0], target: first[1], headers: headers, body: body)
  }
}

import Basics
import Foundation
import Mongo
import Testing

/// What happens when no server is there, or one that says nothing.
@Suite struct UnreachableServerTests {
  private func failure(
    _ uri: String, _ options: MongoOptions = MongoOptions(serverSelectionTimeout: .milliseconds(300))
  )
    async throws -> (error: MongoError, time: Duration)
  {
    let client = MongoClient(try MongoURI(uri), options: options)
    let begin = ContinuousClock.now
    do {
      try await client.ping()
      Issue.record("something answered")
      return (.cancelled, .zero)
    } catch { return (error, ContinuousClock.now - begin) }
  }

  @Test func aPortWhereNothingListensIsNamed() async throws {
    let (error, time) = try await failure("mongodb://fleet:hunter2@127.0.0.1:1/x")
    #expect(error.kind == .serverSelection)
    #expect(error.retryable)
    #expect(error.message.contains("127.0.0.1:1") && error.message.contains("port"), "\(error)")
    #expect(!error.message.contains("hunter2"))
    #expect(time < .seconds(3))
  }

  @Test func anUnknownHostIsNamed() async throws {
    let (error, _) = try await failure("mongodb://fleet:hunter2@no-such-host.invalid/x")
    #expect(error.kind == .serverSelection)
    #expect(error.message.contains("no-such-host.invalid") && error.message.contains("DNS"), "\(error)")
    #expect(!error.message.contains("Atlas"))
  }

  @Test func aCAFileThatIsNotThereIsNamed() async throws {
    let (error, _) = try await failure("mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/no/such.pem")
    #expect(error.kind == .tls)
    #expect(error.message.contains("tlsCAFile /no/such.pem"), "\(error)")
  }

  @Test func aCancelledCallReturnsAtOnce() async throws {
    let client = MongoClient(
      try MongoURI("mongodb://127.0.0.1:1/x"), options: MongoOptions(serverSelectionTimeout: .seconds(3)))
    let task = Task { try await client.ping() }
    try await Task.sleep(for: .milliseconds(50))
    let begin = ContinuousClock.now
    task.cancel()
    guard case .failure(let error) = await task.result else {
      Issue.record("something answered")
      return
    }
    #expect((error as? MongoError)?.kind == .cancelled)
    #expect(ContinuousClock.now - begin < .milliseconds(500))
  }

  @Test func aClientWithoutAnAnswerGivesUpInTime() async throws {
    // A server that accepts and says nothing.
    let listener = try SilentListener()
    let client = MongoClient(
      try MongoURI("mongodb://127.0.0.1:\(listener.port)/x"),
      options: MongoOptions(serverSelectionTimeout: .seconds(1), connectTimeout: .milliseconds(300)))
    let begin = ContinuousClock.now
    do {
      try await client.ping()
      Issue.record("something answered")
    } catch {
      #expect(error.retryable)
      #expect(error.kind == .serverSelection, "\(error)")
    }
    #expect(ContinuousClock.now - begin < .seconds(4))
  }
}

/// A port that takes connections and never says anything.
private final class SilentListener {
  let port: Int
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, address, &size) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}

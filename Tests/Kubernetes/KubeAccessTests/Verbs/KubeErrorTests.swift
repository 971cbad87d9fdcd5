import Foundation
import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `Failures of the API` {
  static let notFound = """
    {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \\"a\\" not found",
     "reason":"NotFound","details":{"name":"a","kind":"pods"},"code":404}
    """

  @Test func `keep the server's Status`() {
    let error = KubeClient.failure(httpStatus: 404, retryAfter: nil, body: Data(Self.notFound.utf8))
    #expect(error.isNotFound)
    #expect(error.reason == .notFound)
    #expect(error.details?.name == "a")
    #expect(!error.isRetryable)
    #expect(error.description == "pods \"a\" not found (NotFound 404)")
  }

  @Test(arguments: [
    ("upstream connect error\n", "upstream connect error"), ("  a\nb  \n", "a\nb"), ("", "HTTP status 502"),
    (" \n", "HTTP status 502"), (#"{"error":"proxy"}"#, #"{"error":"proxy"}"#),
  ])
  func `take a proxy's plain text as the message`(body: String, expected: String) {
    let error = KubeClient.failure(httpStatus: 502, retryAfter: 3, body: Data(body.utf8))
    guard case .api(let status, 502, 3.0) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(status.message == expected)
    #expect(error.isRetryable)
  }

  @Test func `cut a long page short`() {
    let error = KubeClient.failure(httpStatus: 500, retryAfter: nil, body: Data(repeating: 0x61, count: 1 << 20))
    #expect(error.description.count < 600)
  }

  @Test func `wait as the header says, else as the details say`() {
    let body = Data(#"{"kind":"Status","reason":"TooManyRequests","details":{"retryAfterSeconds":5}}"#.utf8)
    #expect(KubeClient.failure(httpStatus: 429, retryAfter: nil, body: body).retryAfter == 5)
    #expect(KubeClient.failure(httpStatus: 429, retryAfter: 2, body: body).retryAfter == 2)
    #expect(KubeClient.failure(httpStatus: 429, retryAfter: nil, body: Data("slow".utf8)).retryAfter == nil)
  }

  @Test(arguments: [
    (409, "AlreadyExists", true, false), (409, "Conflict", false, true),
  ])
  func `tell two kinds of 409 apart`(code: Int, reason: String, exists: Bool, conflicts: Bool) {
    let error = KubeError.api(status: Status(reason: StatusReason(reason)), httpStatus: code, retryAfter: nil)
    #expect(error.isAlreadyExists == exists)
    #expect(error.isConflict == conflicts)
  }

  @Test(arguments: [
    (400, false), (403, false), (404, false), (408, true), (410, false), (422, false), (500, true), (503, true),
  ])
  func `say whether a later try makes sense`(code: Int, expected: Bool) {
    #expect(KubeError.api(status: Status(), httpStatus: code, retryAfter: nil).isRetryable == expected)
  }
}

@Suite struct `Requests that the server puts off` {
  private static func busy(_ retryAfter: Double?, _ body: String = "") -> APIResponse {
    APIResponse(status: 429, retryAfter: retryAfter, body: Data(body.utf8))
  }
  private static let done = APIResponse(status: 200, body: Data("{}".utf8))

  @Test func `are sent again, writes as well`() async throws {
    let body = #"{"kind":"Status","reason":"TooManyRequests","details":{"retryAfterSeconds":0}}"#
    var starting = Self.busy(0.01)
    starting.status = 503
    let transport = ScriptedTransport([Self.busy(0.01), Self.busy(nil, body), starting, Self.done])
    _ = try await KubeClient(transport: transport).send(APIRequest(.post, "/x", body: Data("1".utf8)))
    #expect(transport.requests.count == 4)
  }

  @Test func `are given up after four tries`() async throws {
    let transport = ScriptedTransport(Array(repeating: Self.busy(0), count: 9))
    let error = await failure { try await KubeClient(transport: transport).send(APIRequest(.get, "/x")) }
    #expect((error as? KubeError)?.httpStatus == 429)
    #expect(transport.requests.count == 4)
  }

  @Test(arguments: [nil, 11, 3600, -1, Double.nan, .infinity])
  func `are not sent again where the wait is long or not known`(wait: Double?) async throws {
    let transport = ScriptedTransport([Self.busy(wait), Self.done])
    let error = await failure { try await KubeClient(transport: transport).send(APIRequest(.get, "/x")) }
    #expect((error as? KubeError)?.httpStatus == 429)
    #expect(transport.requests.count == 1)
  }

  @Test func `end their wait when cancelled`() async throws {
    let transport = ScriptedTransport([Self.busy(9), Self.done])
    let task = Task { await failure { try await KubeClient(transport: transport).send(APIRequest(.get, "/x")) } }
    #expect(await eventually { transport.requests.count == 1 })
    let start = ContinuousClock.now
    task.cancel()
    #expect((await task.value as? KubeError)?.isCancelled == true)
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}

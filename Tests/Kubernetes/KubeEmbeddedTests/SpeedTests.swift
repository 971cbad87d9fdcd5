import Basics
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

/// Figures are printed; the bounds are far above them, so that only a change of order fails on a busy machine.
@Suite(.serialized) struct SpeedTests {
  @Test func aCreatedObjectReachesItsWatcherWithinAFewMilliseconds() async throws {
    let maps = Maps()
    var watch = try await maps.watch()
    var times: [Duration] = []
    for number in 0..<1000 {
      let began = ContinuousClock.now
      try await maps.create("m\(number)", data: ["a": "b"], metadata: ["labels": ["app": "x", "tier": "y"]])
      _ = try await watch.lines.next()
      times.append(ContinuousClock.now - began)
    }
    times.sort()
    print("create to watch event: median \(times[500]), p99 \(times[990])")
    #expect(times[500] < .milliseconds(20))
  }

  @Test func theServersOwnShareOfACreateIsSmall() throws {
    let server = EmbeddedAPIServer()
    let bodies = try (0..<1000).map { number in
      let labels: JSONValue = ["app": "x", "tier": "y"]
      return try JSON.encode(
        ["metadata": ["name": .string("m\(number)"), "labels": labels], "data": ["a": "b"]] as JSONValue)
    }
    let began = ContinuousClock.now
    for body in bodies {
      #expect(
        server.respond(to: APIRequest(.post, Maps.path, contentType: "application/json", body: body)).status == 201)
    }
    let took = (ContinuousClock.now - began) / 1000
    print("create inside the server: \(took)")
    #expect(took < .milliseconds(20))
  }

  @Test func aWriteReachesAThousandWatchersThatDoNotWantItAndTenThatDo() async throws {
    let maps = Maps()
    var streams: [APIStream] = []
    for number in 0..<1000 {
      let selector = [("watch", "true"), ("labelSelector", "worker=w\(number)")]
      streams.append(try await maps.server.stream(APIRequest(.get, Maps.path, query: selector, timeout: nil)))
    }
    for _ in 0..<10 {
      streams.append(try await maps.server.stream(APIRequest(.get, Maps.path, query: [("watch", "1")])))
    }
    #expect(maps.server.watchCount == 1010)
    let began = ContinuousClock.now
    for number in 0..<200 { try await maps.create("m\(number)") }
    let took = (ContinuousClock.now - began) / 200
    print("create with 1010 watchers: \(took)")
    #expect(took < .milliseconds(50))
    var lines = Lines(streams[1005].body)
    for _ in 0..<200 { #expect(try await lines.next()?.type == "ADDED") }
  }

  @Test func twoThousandObjectsAreListedAndPatched() async throws {
    let maps = Maps()
    for number in 0..<2000 {
      try await maps.create("m\(number)", metadata: ["labels": ["n": .string("\(number % 10)")]])
    }
    var began = ContinuousClock.now
    let answer = try await maps.server.send(APIRequest(.get, Maps.path, query: [("labelSelector", "n=3")]))
    print("list 200 of 2,000 by label: \(ContinuousClock.now - began), \(answer.body.count) bytes")
    began = ContinuousClock.now
    for number in 0..<300 { _ = try await maps.resource.patch("m\(number)", .merge(["data": ["a": "b"]])) }
    let took = (ContinuousClock.now - began) / 300
    print("merge patch among 2,000: \(took)")
    #expect(took < .milliseconds(20))
  }
}

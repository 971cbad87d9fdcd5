import Basics
import CoreMetrics
import Testing

@testable import KubeRuntime

@Suite struct PrometheusTests {
  @Test func `each kind of instrument is rendered as its type`() {
    let registry = PrometheusRegistry(
      buckets: [0.1, 1], bucketsByName: ["size": [10, 20]],
      help: ["requests_total": "Requests, by code.", "size": "back\\slash\nand line"])
    let requests = Counter(label: "requests_total", dimensions: [("code", "200"), ("a", "z")], factory: registry)
    requests.increment(by: 3)
    requests.increment()
    FloatingPointCounter(label: "cpu_seconds_total", factory: registry).increment(by: 0.25)
    Gauge(label: "depth", dimensions: [("name", "q")], factory: registry).record(7)
    let active = Meter(label: "active", factory: registry)
    active.increment(by: 2.5)
    active.decrement(by: 1)
    let timer = Timer(label: "time_seconds", factory: registry)
    for nanoseconds: Int64 in [100_000_000, 500_000_000, 2_000_000_000] { timer.recordNanoseconds(nanoseconds) }
    Recorder(label: "size", dimensions: [("k", "v")], factory: registry).record(15)
    #expect(
      registry.render() == """
        # TYPE active gauge
        active 1.5
        # TYPE cpu_seconds_total counter
        cpu_seconds_total 0.25
        # TYPE depth gauge
        depth{name="q"} 7
        # HELP requests_total Requests, by code.
        # TYPE requests_total counter
        requests_total{a="z",code="200"} 4
        # HELP size back\\\\slash\\nand line
        # TYPE size histogram
        size_bucket{k="v",le="10"} 0
        size_bucket{k="v",le="20"} 1
        size_bucket{k="v",le="+Inf"} 1
        size_sum{k="v"} 15
        size_count{k="v"} 1
        # TYPE time_seconds histogram
        time_seconds_bucket{le="0.1"} 1
        time_seconds_bucket{le="1"} 2
        time_seconds_bucket{le="+Inf"} 3
        time_seconds_sum 2.6
        time_seconds_count 3

        """)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("ü日", "ü日"), ("", ""),
  ])
  func `label values are escaped`(value: String, written: String) {
    let registry = PrometheusRegistry()
    Counter(label: "c", dimensions: [("l", value)], factory: registry).increment()
    #expect(registry.render() == "# TYPE c counter\nc{l=\"\(written)\"} 1\n")
  }

  @Test(arguments: [
    ("http.requests-total", "http_requests_total"), ("9lives", "_9lives"), ("a:b", "a:b"), ("ü", "_"), ("", "_"),
  ])
  func `names are made valid`(name: String, written: String) {
    #expect(PrometheusText.metricName(name) == written)
  }

  @Test func `label names may hold no colon`() {
    #expect(PrometheusText.labelName("a:b.c") == "a_b_c")
  }

  @Test(arguments: [
    (0.0, "0"), (-3, "-3"), (0.1, "0.1"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    (9_007_199_254_740_991, "9007199254740991"),
  ])
  func `numbers are written as Prometheus reads them`(value: Double, written: String) {
    #expect(PrometheusText.number(value) == written)
  }

  @Test func `instruments of equal name and labels share a series, in any order of labels`() {
    let registry = PrometheusRegistry()
    Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
    Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
    #expect(registry.render().contains("c{a=\"1\",b=\"2\"} 2\n"))
  }

  @Test func `a name keeps its first type`() {
    let registry = PrometheusRegistry()
    Counter(label: "x", factory: registry).increment()
    Gauge(label: "x", dimensions: [("l", "v")], factory: registry).record(5)
    #expect(registry.render() == "# TYPE x counter\nx 1\n")
  }

  @Test func `a destroyed instrument is shown no more`() {
    let registry = PrometheusRegistry()
    let gone = Counter(label: "c", dimensions: [("l", "gone")], factory: registry)
    Counter(label: "c", dimensions: [("l", "here")], factory: registry).increment()
    gone.increment()
    gone.destroy()
    #expect(registry.render() == "# TYPE c counter\nc{l=\"here\"} 1\n")
  }

  @Test func `collected gauges are counted at each scrape and leave no trace`() {
    let registry = PrometheusRegistry()
    final class World: Sendable { let gate = Gate() }
    let world = World()
    registry.onCollect { gauges in
      gauges.set("jobs", help: "Jobs by state.", labels: [("state", "Running")], to: 2)
      if !world.gate.isOpen { gauges.set("jobs", labels: [("state", "Queued")], to: 1) }
    }
    #expect(
      registry.render()
        == "# HELP jobs Jobs by state.\n# TYPE jobs gauge\njobs{state=\"Queued\"} 1\njobs{state=\"Running\"} 2\n")
    world.gate.open()
    #expect(registry.render() == "# HELP jobs Jobs by state.\n# TYPE jobs gauge\njobs{state=\"Running\"} 2\n")
  }

  @Test func `counts from many threads add up`() async {
    let registry = PrometheusRegistry()
    let counter = Counter(label: "c", factory: registry)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<1000 { counter.increment() } }
      }
    }
    #expect(registry.render().hasSuffix("c 8000\n"))
  }
}

import Testing

@testable import Registries

@Suite struct QueryTests {
  @Test(arguments: [
    ("accuracy>=0.95", MetricCondition("accuracy", .atLeast, 0.95)),
    ("loss < 1e-3", MetricCondition("loss", .below, 0.001)),
    ("f1=1", MetricCondition("f1", .equal, 1)), ("x<=-2", MetricCondition("x", .atMost, -2)),
    ("x>0", MetricCondition("x", .above, 0)),
  ])
  func aConditionIsRead(_ text: String, _ wanted: MetricCondition) {
    #expect(MetricCondition(text) == wanted)
    #expect(MetricCondition(wanted.description) == wanted)
  }

  @Test(arguments: ["", "accuracy", ">=0.5", "accuracy>=", "accuracy>=high", "accuracy>=nan", "accuracy>=1>=2"])
  func anotherTextIsNone(_ text: String) { #expect(MetricCondition(text) == nil) }

  @Test func aSliceIsCutFromTheWhole() {
    #expect(Slice(skip: 2, limit: 2).of([1, 2, 3, 4, 5]) == Page(items: [3, 4], total: 5))
    #expect(Slice(skip: 9).of([1]) == Page(items: [], total: 1))
    #expect(Slice(skip: -1, limit: 0).of([1]) == Page(items: [], total: 1))
  }
}

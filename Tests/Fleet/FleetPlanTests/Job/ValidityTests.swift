import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// A spec that is wrong.
struct ValidityTests {
  @Test func anInvalidSpecFailsAtOnce() {
    let plan = plan(makeJob(), errors: ["spec.epochs: Invalid value: 0: must be at least 1"])
    #expect(plan.status.summary?.message == "InvalidSpec: spec.epochs: Invalid value: 0: must be at least 1")
  }
}

import Basics
import Testing

@Suite struct PromiseTests {
  @Test func `the first value counts, for those who wait and those who come later`() async {
    let promise = Promise<Int>()
    async let early = promise.value
    async let other = promise.value
    #expect(promise.settle(1))
    #expect(!promise.settle(2), "the second is told that its value is not taken")
    #expect(await [early, other, promise.value] == [1, 1, 1])
  }

  @Test func `who is cancelled waits on, unless the cancellation is the value`() async {
    let promise = Promise<String>()
    let waiting = Task {
      await withTaskCancellationHandler(operation: { await promise.value }, onCancel: { promise.settle("cancelled") })
    }
    waiting.cancel()
    #expect(await waiting.value == "cancelled")
  }
}

/// One result for each part of a parallel region. Parts write different places, so they need no lock; read it when the
/// region is over.
final class ParallelResults<Value> {
  private let base: UnsafeMutablePointer<Value>
  let count: Int

  init(count: Int, initial: Value) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: initial, count: count)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(_ part: Int) -> Value {
    get {
      precondition(part >= 0 && part < count, "no such part")
      return base[part]
    }
    set {
      precondition(part >= 0 && part < count, "no such part")
      base[part] = newValue
    }
  }
}

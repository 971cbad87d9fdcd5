/// Runs `body` for each of `items`, `width` of them at once and beginning with the first. Where one fails the others are
/// cancelled, and its error is thrown once they are over.
/// - Returns: what each gave, in the order of the items.
@discardableResult
func together<Item: Sendable, Output: Sendable>(
  _ width: Int, _ items: [Item], _ body: @escaping @Sendable (Item) async throws(RegistryError) -> Output
) async throws(RegistryError) -> [Output] {
  let outcome: Result<[Output], RegistryError> = await withTaskGroup(
    of: (Int, Result<Output, RegistryError>).self
  ) { group in
    var begun = 0
    func begin() {
      guard begun < items.count else { return }
      let (number, item) = (begun, items[begun])
      begun += 1
      group.addTask {
        do throws(RegistryError) { return (number, .success(try await body(item))) } catch {
          return (number, .failure(error))
        }
      }
    }
    for _ in 0..<width { begin() }
    var outputs = [Output?](repeating: nil, count: items.count)
    var failure: RegistryError?
    for await (number, result) in group {
      switch result {
      case .success(let output):
        outputs[number] = output
        if Task.isCancelled { failure = failure ?? .cancelled }
        if failure == nil { begin() }
      case .failure(let error):
        failure = failure ?? error
        group.cancelAll()
      }
    }
    if let failure { return .failure(failure) }
    return .success(outputs.compactMap { $0 })
  }
  return try outcome.get()
}

import Testing
import TrainingDefinition

@testable import Learning

@Suite struct LayerOrderTests {
  private static let kinds = [
    LayerRequest(type: "dense", units: 2, activation: "relu"), LayerRequest(type: "conv2d", filters: 1, kernel: 1),
    LayerRequest(type: "maxPool2d", size: 1), LayerRequest(type: "flatten"), LayerRequest(type: "lstm", units: 1),
    LayerRequest(type: "dropout", rate: "0.5"),
  ]

  /// All lists of up to four layers: what can be told without data must be what the builder of networks finds with it.
  @Test func `the order that a request may have is the one that networks are built of`() throws {
    var lists: [[LayerRequest]] = [[]]
    for _ in 0..<4 { lists += lists.flatMap { list in Self.kinds.map { list + [$0] } } }
    var refused = 0
    for list in Set(lists) where !list.isEmpty {
      let specs = try list.enumerated().flatMap { try $0.element.specs(index: $0.offset) }
      let lead: [LayerSpec] =
        switch DataForm(readBy: specs) {
        case .row: []
        case .image: [.reshape(shape: [4, 4, 1])]
        case .sequence: [.reshape(shape: [4, 4])]
        }
      var found: LayerProblem?
      do throws(LayerProblem) {
        _ = try NetworkBuilder.build(lead + specs + [.flatten, .dense(units: 2)], inputWidth: 16)
      } catch { found = error }
      let faults = LayerRequest.faults(list, for: .cnn)
      #expect((found == nil) == faults.isEmpty, "\(list.map(\.type))")
      guard let found, case .invalidRequest(_, let value, let expected)? = faults.first?.problem else { continue }
      refused += 1
      #expect(value == found.value && expected == found.expected && found.field == "type", "\(list.map(\.type))")
    }
    #expect(refused > 100)
  }
}

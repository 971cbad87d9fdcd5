import ONNX

/// `PairwiseCoupling` as ONNX operations, in 64 bits: a loop over the sweeps, in it a loop over the classes. A row that
/// has converged keeps its values while others go on.
struct PairCouplingGraph {
  private let square: PairSquare
  private var classes: Int { square.classes }

  init(_ square: PairSquare) { self.square = square }

  /// - Parameter decisions: double [N×pairs].
  /// - Returns: the probabilities, double [N×classes].
  func append(decisions: String, scaling: [PlattScaling], to builder: inout GraphBuilder) -> String {
    let r = square.mirrored(pairProbabilities(decisions, scaling, &builder), name: "pair", &builder)
    let turned = builder.node("Transpose", [r], name: "turned", attributes: [.init("perm", .integers([0, 2, 1]))])
    let squares = builder.node("Mul", [turned, turned], name: "squares")
    let diagonal = builder.sum(squares, axis: 2, name: "diagonal")
    let q = matrix(r, turned, diagonal: diagonal, &builder)
    // The diagonal has the shape that is wanted: a row for each row, a share for each class.
    let nothing = builder.node("Mul", [diagonal, builder.wideScalar("nothing", 0)], name: "zeros")
    let start = builder.node("Add", [nothing, builder.wideScalar("equal_share", 1 / Double(classes))], name: "start")
    let most = builder.constant("most_sweeps", shape: [], .integers([Int64(max(100, classes))]))
    let go = builder.constant("go", shape: [], .booleans([true]))
    let body = sweep(q: q, diagonal: diagonal, &builder)
    return builder.node("Loop", [most, go, start], name: "coupled", attributes: [.init("body", .graph(body))])
  }

  /// P(first | first or second), double [N×pairs].
  private func pairProbabilities(
    _ decisions: String, _ scaling: [PlattScaling], _ builder: inout GraphBuilder
  ) -> String {
    let a = builder.constant("prob_a", shape: [1, scaling.count], .doubles(scaling.map { -$0.a }))
    let b = builder.constant("prob_b", shape: [1, scaling.count], .doubles(scaling.map(\.b)))
    let slope = builder.node("Mul", [decisions, a], name: "slope")
    let power = builder.node("Sub", [slope, b], name: "power")
    let probability = builder.node("Sigmoid", [power], name: "pair_probability")
    let (least, greatest) = (builder.wideScalar("least", 1e-7), builder.wideScalar("greatest", 1 - 1e-7))
    return builder.node("Clip", [probability, least, greatest], name: "pair_clipped")
  }

  /// Q, double [N×classes×classes].
  private func matrix(
    _ r: String, _ turned: String, diagonal: String, _ builder: inout GraphBuilder
  ) -> String {
    let cross = builder.node("Mul", [turned, r], name: "cross")
    let last = builder.integers("matrix_axis", [2])
    let column = builder.node("Unsqueeze", [diagonal, last], name: "diagonal_column")
    let eye = builder.constant(
      "eye", shape: [classes, classes],
      .doubles((0..<(classes * classes)).map { $0 / classes == $0 % classes ? 1 : 0 }))
    let spread = builder.node("Mul", [column, eye], name: "on_diagonal")
    return builder.node("Sub", [spread, cross], name: "q")
  }

  /// One sweep over all classes, for the rows that have not converged.
  private func sweep(q: String, diagonal: String, _ outer: inout GraphBuilder) -> GraphProto {
    var body = outer.body(name: "sweep")
    _ = body.input("sweep_number", .int64, shape: [])
    _ = body.input("sweep_wanted", .bool, shape: [])
    let row: [ValueInfoProto.Dimension] = [.named("N"), .fixed(classes)]
    let p = body.input("p", .double, shape: row)
    let last = body.integers("product_axis", [2])
    let column = body.node("Unsqueeze", [p, last], name: "p_column")
    let product = body.node("MatMul", [q, column], name: "product_column")
    let products = body.node("Squeeze", [product, last], name: "products")
    let terms = body.node("Mul", [p, products], name: "terms")
    let form = body.sum(terms, axis: 1, keeps: true, name: "form")
    let gaps = body.node("Sub", [products, form], name: "gaps")
    let farthest = body.rowMaximum(body.node("Abs", [gaps], name: "distances"), name: "farthest")
    let tolerance = body.wideScalar("tolerance", 0.005 / Double(classes))
    let isActive = body.node("GreaterOrEqual", [farthest, tolerance], name: "is_active")
    let count = body.constant("class_count", shape: [], .integers([Int64(classes)]))
    let inner = step(q: q, diagonal: diagonal, &body)
    let moved = body.node(
      "Loop", [count, "", p, products, form], names: ["moved_p", "moved_products", "moved_form"],
      attributes: [.init("body", .graph(inner))])
    let active = body.cast(isActive, to: .int64, name: "active")
    let remaining = body.node("ReduceSum", [active], name: "remaining", attributes: [.init("keepdims", .integer(0))])
    body.output("sweep_again", .bool, shape: [], from: "Cast", [remaining], attributes: [.castTo(.bool)])
    body.output("p_next", .double, shape: row, from: "Where", [isActive, moved[0], p])
    outer.absorb(body)
    return body.graph
  }

  /// Moves the share of one class to where the form is least, and makes the shares add up to 1 again.
  private func step(q: String, diagonal: String, _ outer: inout GraphBuilder) -> GraphProto {
    var body = outer.body(name: "step")
    let number = body.input("class_index", .int64, shape: [])
    let wanted = body.input("step_wanted", .bool, shape: [])
    let row: [ValueInfoProto.Dimension] = [.named("N"), .fixed(classes)]
    let single: [ValueInfoProto.Dimension] = [.named("N"), .fixed(1)]
    let p = body.input("p_before", .double, shape: row)
    let products = body.input("products_before", .double, shape: row)
    let form = body.input("form_before", .double, shape: single)
    let index = body.node("Unsqueeze", [number, body.integers("index_axis", [0])], name: "index")
    let along: [AttributeProto] = [.init("axis", .integer(1))]
    let own = body.node("Gather", [diagonal, index], name: "own", attributes: along)
    let ownProduct = body.node("Gather", [products, index], name: "own_product", attributes: along)
    let change = body.node("Div", [body.node("Sub", [form, ownProduct], name: "gap"), own], name: "change")
    let one = body.wideScalar("one", 1)
    let scale = body.node("Div", [one, body.node("Add", [one, change], name: "whole")], name: "rescale")
    let isOwn = body.node("Equal", [body.integers("indices", Array(0..<classes)), index], name: "is_own")
    let mark = body.cast(isOwn, to: .double, name: "mark")
    let lifted = body.node("Add", [p, body.node("Mul", [mark, change], name: "lift")], name: "lifted")
    let line = body.node("Gather", [q, number], name: "line", attributes: along)
    let shifted = body.node("Add", [products, body.node("Mul", [line, change], name: "shift")], name: "shifted")
    // form + change·(change·q + 2·product), then scaled twice
    let bend = body.node("Mul", [change, own], name: "bend")
    let slope = body.node("Add", [bend, body.node("Add", [ownProduct, ownProduct], name: "twice")], name: "incline")
    let raised = body.node("Add", [form, body.node("Mul", [change, slope], name: "rise")], name: "raised")
    let squared = body.node("Mul", [scale, scale], name: "rescale_squared")
    body.output("step_again", .bool, shape: [], from: "Identity", [wanted])
    body.output("p_after", .double, shape: row, from: "Mul", [lifted, scale])
    body.output("products_after", .double, shape: row, from: "Mul", [shifted, scale])
    body.output("form_after", .double, shape: single, from: "Mul", [raised, squared])
    outer.absorb(body)
    return body.graph
  }
}

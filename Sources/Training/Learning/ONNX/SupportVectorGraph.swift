import ONNX
import TrainingDefinition

/// A support vector machine as ONNX operations: kernel values, the decision of each pair of classes, and scores or
/// probabilities of these.
///
/// Written out in plain operations: the operator for support vector machines of ai.onnx.ml couples probabilities in 32
/// bits, where a row may stop an iteration sooner, and has no scores like ours for machines that are not calibrated.
struct SupportVectorGraph {
  private let machine: SupportVectorMachine
  private let classes: Int
  private let pairs: [ClassPair]

  init(_ machine: SupportVectorMachine) {
    self.machine = machine
    classes = machine.classCount
    pairs = ClassPair.all(classes: classes)
  }

  /// - Parameter features: a float value [N×width].
  /// - Returns: the probabilities [N×classes].
  /// - Throws: `notExportable` for a machine without support vectors.
  func append(features: String, to builder: inout GraphBuilder) throws(LearningError) -> String {
    guard machine.vectorCount > 0 else { throw .notExportable(detail: "it has no support vectors") }
    let decisions = decisions(kernelValues(features, &builder), &builder)
    let wide = builder.cast(decisions, to: .double, name: "decision_wide")
    let square = PairSquare(classes: classes, pairs: pairs, &builder)
    let result =
      machine.scaling.map { PairCouplingGraph(square).append(decisions: wide, scaling: $0, to: &builder) }
      ?? VoteScoreGraph(square).append(decisions: wide, to: &builder)
    return builder.cast(result, to: .float, name: "probability")
  }

  /// The kernel function of each row with each support vector, [N×vectors].
  private func kernelValues(_ features: String, _ builder: inout GraphBuilder) -> String {
    let (width, count) = (machine.width, machine.vectorCount)
    // Transposed, so that one matrix product suffices.
    var transposed = [Float](repeating: 0, count: width * count)
    for vector in 0..<count {
      for column in 0..<width { transposed[column * count + vector] = machine.vectors[vector * width + column] }
    }
    let vectors = builder.constant("support_vectors", shape: [width, count], .floats(transposed))
    let products = builder.node("MatMul", [features, vectors], name: "product")
    let kernel = machine.kernel
    func shifted() -> String {
      let gamma = builder.scalar("gamma", Float(kernel.gamma))
      let coef0 = builder.scalar("coef0", Float(kernel.coef0))
      let scaled = builder.node("Mul", [products, gamma], name: "scaled_product")
      return builder.node("Add", [scaled, coef0], name: "shifted_product")
    }
    switch kernel.function {
    case .linear: return products
    case .poly:
      let base = shifted()
      return builder.node("Pow", [base, builder.scalar("degree", Float(kernel.degree))], name: "kernel")
    case .sigmoid: return builder.node("Tanh", [shifted()], name: "kernel")
    case .rbf: return radial(features, products, &builder)
    }
  }

  /// exp(−gamma·‖x − y‖²) by ‖x‖² + ‖y‖² − 2·x·y, which rounding must not make negative.
  private func radial(_ features: String, _ products: String, _ builder: inout GraphBuilder) -> String {
    let width = machine.width
    let norms = (0..<machine.vectorCount).map { vector in
      machine.vectors[(vector * width)..<((vector + 1) * width)].reduce(0) { $0 + Double($1) * Double($1) }
    }
    let lengths = builder.node(
      "ReduceSumSquare", [features], name: "length",
      attributes: [.init("axes", .integers([1])), .init("keepdims", .integer(1))])
    let vectorLengths = builder.constant("vector_length", shape: [1, norms.count], .floats(norms.map { Float($0) }))
    let both = builder.node("Add", [lengths, vectorLengths], name: "length_sum")
    let twice = builder.node("Add", [products, products], name: "twice")
    let distance = builder.node("Sub", [both, twice], name: "distance")
    let zero = builder.scalar("zero", 0)
    let clipped = builder.node("Max", [distance, zero], name: "distance_clipped")
    let gamma = builder.scalar("gamma", Float(-machine.kernel.gamma))
    let exponent = builder.node("Mul", [clipped, gamma], name: "exponent")
    return builder.node("Exp", [exponent], name: "kernel")
  }

  /// The decision of each pair, [N×pairs]; above 0 is for its first class. The vectors of a class are multiplied by
  /// their coefficients against all others at once.
  private func decisions(_ kernel: String, _ builder: inout GraphBuilder) -> String {
    let others = classes - 1
    let kernels = kernelsByClass(kernel, &builder)
    let sums = (0..<classes).map { label in
      // A class without vectors has sums of 0: any values times 0.
      let source = machine.vectorsPerClass[label] > 0 ? label : machine.vectorsPerClass.firstIndex { $0 > 0 } ?? 0
      let size = machine.vectorsPerClass[source]
      let coefficients = builder.constant(
        "dual_coef\(label)", shape: [size, others],
        .floats(source == label ? coefficients(of: label) : [Float](repeating: 0, count: size * others)))
      return builder.node("MatMul", [kernels[source] ?? kernel, coefficients], name: "sum_of_class\(label)")
    }
    let all = builder.node("Concat", sums, name: "sum", attributes: [.init("axis", .integer(1))])
    let positive = builder.columns(all, pairs.map { $0.first * others + $0.second - 1 }, name: "positive")
    let negative = builder.columns(all, pairs.map { $0.second * others + $0.first }, name: "negative")
    let both = builder.node("Add", [positive, negative], name: "pair_sum")
    let rho = builder.constant("rho", shape: [1, pairs.count], .floats(machine.rho))
    return builder.node("Sub", [both, rho], name: "decision")
  }

  /// The kernel values of each class's vectors, for classes that have some.
  private func kernelsByClass(_ kernel: String, _ builder: inout GraphBuilder) -> [Int: String] {
    let present = (0..<classes).filter { machine.vectorsPerClass[$0] > 0 }
    let sizes = builder.integers("vectors_per_class", present.map { machine.vectorsPerClass[$0] })
    let parts = builder.node(
      "Split", [kernel, sizes], names: present.map { "kernel_of_class\($0)" },
      attributes: [.init("axis", .integer(1))])
    return Dictionary(uniqueKeysWithValues: zip(present, parts))
  }

  /// The coefficients of a class's vectors, [vectors×(classes − 1)].
  private func coefficients(of label: Int) -> [Float] {
    let first = machine.vectorsPerClass[..<label].reduce(0, +)
    return (first..<(first + machine.vectorsPerClass[label])).flatMap { vector in
      (0..<(classes - 1)).map { machine.coefficients[$0 * machine.vectorCount + vector] }
    }
  }
}

/// Values of pairs laid out as squares: what pair (i, j) says stands at [i, j] and [j, i].
struct PairSquare {
  let classes: Int
  /// The pair of each place, as a constant; any on the diagonal.
  private let places: String
  private let shape: String
  /// +1 above the diagonal, −1 below, 0 on it: double [classes×classes].
  let sign: String
  /// 1 below the diagonal: double [classes×classes].
  let lower: String

  init(classes: Int, pairs: [ClassPair], _ builder: inout GraphBuilder) {
    self.classes = classes
    var places = [Int](repeating: 0, count: classes * classes)
    var sign = [Double](repeating: 0, count: classes * classes)
    for (index, pair) in pairs.enumerated() {
      for (row, column) in [(pair.first, pair.second), (pair.second, pair.first)] {
        places[row * classes + column] = index
        sign[row * classes + column] = row < column ? 1 : -1
      }
    }
    self.places = builder.integers("square_places", places)
    shape = builder.integers("square_shape", [-1, classes, classes])
    self.sign = builder.constant("square_sign", shape: [classes, classes], .doubles(sign))
    lower = builder.constant("square_lower", shape: [classes, classes], .doubles(sign.map { $0 < 0 ? 1 : 0 }))
  }

  /// `values` [N×pairs] as [N×classes×classes], 0 on the diagonal, negated below it.
  func signed(_ values: String, name: String, _ builder: inout GraphBuilder) -> String {
    let flat = builder.node("Gather", [values, places], name: name + "_flat", attributes: [.init("axis", .integer(1))])
    let square = builder.node("Reshape", [flat, shape], name: name + "_square")
    return builder.node("Mul", [square, sign], name: name + "_signed")
  }

  /// `values` [N×pairs] as [N×classes×classes], 0 on the diagonal, 1 − value below it.
  func mirrored(_ values: String, name: String, _ builder: inout GraphBuilder) -> String {
    builder.node("Add", [signed(values, name: name, &builder), lower], name: name + "_mirrored")
  }
}

/// A trained machine: the support vectors of all pairs, each held once, and their coefficients in libsvm's layout.
package struct SupportVectorMachine: Sendable, Equatable {
  package var kernel: SupportVectorKernel
  /// Features of a row.
  package var width: Int
  /// Row-major [vectors × width], sorted by class, within a class in the order of the examples.
  package var vectors: [Float]
  /// Support vectors of each class.
  package var vectorsPerClass: [Int]
  /// Row-major [(classes − 1) × vectors]. A vector of class c has its coefficients against the other classes in their
  /// order: against class d it is row d − 1 where d > c, and row d where d < c.
  package var coefficients: [Float]
  /// One for each pair; decision(x) = Σ coefficient·K(vector, x) − rho.
  package var rho: [Float]
  /// One for each pair where probabilities are calibrated.
  package var scaling: [PlattScaling]?

  package var classCount: Int { vectorsPerClass.count }
  package var vectorCount: Int { vectorsPerClass.reduce(0, +) }

  /// Joins the machines of all pairs.
  package init(_ problem: SupportVectorProblem, _ solutions: [PairSolution], examples: Examples) {
    let rows = problem.rows
    let classes = rows.classCount
    kernel = problem.options.kernel
    width = examples.width
    // The place of a vector among all of them, for every row that is one in some pair.
    var used = [Bool](repeating: false, count: rows.count)
    for (pair, solution) in zip(problem.pairs, solutions) {
      for local in solution.places { used[rows.place(Int(local), in: pair)] = true }
    }
    let places = used.indices.filter { used[$0] }
    var number = [Int](repeating: 0, count: rows.count)
    for (index, place) in places.enumerated() { number[place] = index }
    vectorsPerClass = (0..<classes).map { label in
      (rows.starts[label]..<rows.starts[label + 1]).count { used[$0] }
    }
    let buffer = FloatBuffer(count: places.count * width)
    for (index, place) in places.enumerated() {
      examples.copyRows(from: Int(rows.order[place]), count: 1, into: buffer.base + index * width)
    }
    vectors = buffer.array
    var coefficients = [Float](repeating: 0, count: max(0, classes - 1) * places.count)
    for (pair, solution) in zip(problem.pairs, solutions) {
      for (local, coefficient) in zip(solution.places, solution.coefficients) {
        let row = Int(local) < rows.count(of: pair.first) ? pair.second - 1 : pair.first
        coefficients[row * places.count + number[rows.place(Int(local), in: pair)]] = Float(coefficient)
      }
    }
    self.coefficients = coefficients
    rho = solutions.map { Float($0.rho) }
    scaling =
      problem.options.probability ? solutions.map { $0.scaling ?? PlattScaling(a: -1, b: 0) } : nil
  }

  /// Out of checked parts.
  init(
    kernel: SupportVectorKernel, width: Int, vectors: [Float], vectorsPerClass: [Int], coefficients: [Float],
    rho: [Float], scaling: [PlattScaling]?
  ) {
    self.kernel = kernel
    self.width = width
    self.vectors = vectors
    self.vectorsPerClass = vectorsPerClass
    self.coefficients = coefficients
    self.rho = rho
    self.scaling = scaling
  }
}

extension ClassRows {
  /// The place among all sorted rows of a row of a pair.
  func place(_ local: Int, in pair: ClassPair) -> Int {
    let first = count(of: pair.first)
    return local < first ? starts[pair.first] + local : starts[pair.second] + local - first
  }
}

import TrainingDefinition

/// How a support vector machine is described in a model file; the numbers are in its tensors.
package struct SupportVectorShape: Codable, Sendable, Equatable {
  package var kernel: SupportVectorKernel
  /// Whether the file has a sigmoid for each pair.
  package var calibrated: Bool

  /// Classes at most: their pairs must stay countable.
  static let mostClasses = 1024

  package init(_ machine: SupportVectorMachine) {
    kernel = machine.kernel
    calibrated = machine.scaling != nil
  }
}

/// How a support vector machine becomes a model's tensors and a classifier again.
///
/// Tensors, 32-bit, with libsvm's meaning: support_vectors [vectors × width], dual_coef [(classes − 1) × vectors], rho
/// [pairs], vectors_per_class [classes] (whole numbers), and prob_a and prob_b [pairs] where probabilities are calibrated.
enum SupportVectorModel {
  static func tensors(of machine: SupportVectorMachine) -> [Tensor] {
    let count = machine.vectorCount
    var tensors = [
      Tensor(name: "support_vectors", shape: [count, machine.width], floats: machine.vectors),
      Tensor(name: "dual_coef", shape: [machine.classCount - 1, count], floats: machine.coefficients),
      Tensor(name: "rho", shape: [machine.rho.count], floats: machine.rho),
      Tensor(
        name: "vectors_per_class", shape: [machine.classCount], floats: machine.vectorsPerClass.map { Float($0) }),
    ]
    if let scaling = machine.scaling {
      tensors.append(Tensor(name: "prob_a", shape: [scaling.count], floats: scaling.map { Float($0.a) }))
      tensors.append(Tensor(name: "prob_b", shape: [scaling.count], floats: scaling.map { Float($0.b) }))
    }
    return tensors
  }

  /// The tensors out of a file, checked against each other and against inputs and classes.
  static func tensors(
    in file: TensorFile, shape: SupportVectorShape, for preprocessing: Preprocessing
  ) throws(LearningError) -> [Tensor] {
    let kernel = shape.kernel
    guard kernel.gamma.isFinite, kernel.coef0.isFinite, (0...HyperparameterSpec.mostDegree).contains(kernel.degree)
    else { throw .badModel(detail: "its kernel has impossible parameters") }
    let classes = preprocessing.classes.count
    guard classes >= 2, classes <= SupportVectorShape.mostClasses else {
      throw .badModel(detail: "it has \(classes) classes")
    }
    let pairs = ClassPair.count(classes: classes)
    guard let vectors = file["support_vectors"], vectors.shape.count == 2 else {
      throw .badModel(detail: "tensor support_vectors is missing or is no matrix")
    }
    let count = vectors.shape[0]
    var wanted = [
      ("support_vectors", [count, preprocessing.inputWidth]), ("dual_coef", [classes - 1, count]), ("rho", [pairs]),
      ("vectors_per_class", [classes]),
    ]
    if shape.calibrated { wanted += [("prob_a", [pairs]), ("prob_b", [pairs])] }
    var tensors: [Tensor] = []
    for (name, shape) in wanted {
      guard let tensor = file[name], tensor.shape == shape, let values = tensor.floats else {
        throw .badModel(detail: "tensor \(name) is missing or not a 32-bit \(shape)")
      }
      guard values.allSatisfy(\.isFinite) else { throw .badModel(detail: "tensor \(name) is not finite everywhere") }
      tensors.append(tensor)
    }
    let parts = (tensors[3].floats ?? []).map { Double($0) }
    guard parts.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }), parts.reduce(0, +) == Double(count) else {
      throw .badModel(detail: "vectors_per_class does not add up to \(count) vectors")
    }
    return tensors
  }

  /// The machine of checked tensors.
  static func machine(_ tensors: [Tensor], shape: SupportVectorShape, for preprocessing: Preprocessing)
    -> SupportVectorMachine
  {
    func floats(_ name: String) -> [Float] { tensors.first { $0.name == name }?.floats ?? [] }
    let scaling = zip(floats("prob_a"), floats("prob_b")).map { PlattScaling(a: Double($0), b: Double($1)) }
    return SupportVectorMachine(
      kernel: shape.kernel, width: preprocessing.inputWidth, vectors: floats("support_vectors"),
      vectorsPerClass: floats("vectors_per_class").map { Int($0) }, coefficients: floats("dual_coef"),
      rho: floats("rho"), scaling: shape.calibrated ? scaling : nil)
  }
}

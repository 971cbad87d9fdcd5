import Testing

@testable import TrainingDefinition

@Suite struct RequestTests {
  private func error(
    _ algorithm: String, _ hyperparameters: [String: String] = [:], epochs: Int = 1, batchSize: Int = 8
  ) -> TrainingProblem? {
    let request = TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters, dataset: DatasetRequest(uri: "x.csv"), epochs: epochs,
      batchSize: batchSize)
    do throws(TrainingProblem) {
      _ = try request.validated()
      return nil
    } catch { return error }
  }

  @Test(arguments: ["SVR", "Forest", "mlp", ""]) func unknownAlgorithmsListTheKnown(name: String) {
    let error = error(name)
    let known = Algorithm.allCases.map(\.rawValue)
    #expect(error == .unknownAlgorithm(name: name, trainable: known))
    #expect(error?.message.contains(known.joined(separator: ", ")) == true)
  }

  @Test func unknownHyperparametersListTheKnown() {
    let error = error("LogisticRegression", ["n_estimators": "5"])
    #expect(error?.reason == "UnknownHyperparameter")
    #expect(error?.message.contains("C, max_iter, tol, random_state") == true)
  }

  @Test(arguments: [
    ("LogisticRegression", "C", "0"), ("LogisticRegression", "C", "x"), ("LogisticRegression", "C", "nan"),
    ("LogisticRegression", "C", "inf"), ("LogisticRegression", "max_iter", "0"),
    ("LogisticRegression", "max_iter", "1.5"), ("LogisticRegression", "tol", "-1"), ("MLP", "dropout", "1"),
    ("MLP", "dropout", "-0.1"), ("MLP", "optimizer", "adagrad"), ("MLP", "learning_rate", "0"),
    ("DNN", "momentum", "1"), ("DNN", "random_state", "-1"),
  ]) func valuesOutOfBoundsSayWhatIsRight(algorithm: String, name: String, value: String) {
    let error = error(algorithm, [name: value])
    #expect(error?.reason == "InvalidHyperparameter")
    #expect(error?.message.contains(name) == true)
    #expect(error?.message.contains("must be") == true)
  }

  @Test func everyDefaultIsValid() throws {
    for algorithm in Algorithm.allCases {
      let values = try Hyperparameters([:], for: algorithm)
      #expect(values.texts.count == algorithm.hyperparameters.count)
    }
  }

  @Test func wordsMayBeWrittenInAnyCase() throws {
    #expect(try Hyperparameters(["optimizer": "SGD"], for: .mlp).choice("optimizer") == "sgd")
  }

  @Test(arguments: [(0, 8), (-1, 8), (1, 0), (1, 65_537)]) func countsHaveBounds(epochs: Int, batchSize: Int) {
    #expect(error("MLP", epochs: epochs, batchSize: batchSize)?.reason == "InvalidRequest")
  }
}

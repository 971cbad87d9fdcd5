import Basics
import Testing

@testable import FleetAPI

@Suite struct TrainingSpecJSONTests {
  /// A worker tells by it whether a checkpoint or a model is of the same training: it must not change between releases.
  @Test func `the JSON of a training is what it was`() throws {
    let zeros = String(repeating: "0", count: 64)
    let expected =
      #"{"algorithm":"MLP","batchSize":32,"checkpoint":{"everyEpochs":1},"dataset":{"dropColumns":["Id"],"format":"CSV","#
      + #""header":true,"missingValues":"Impute","name":"iris","seed":42,"sha256":""# + zeros
      + #"","stratified":false,"targetColumn":"Species","testFraction":"0.2","uri":"iris.csv"},"epochs":10,"#
      + #""hyperparameters":[{"name":"learning_rate","value":"0.1"}],"layers":[{"activation":"relu","filters":1,"kernel":1,"#
      + #""rate":"0.1","size":1,"type":"dense","units":1}],"modelName":"flowers","search":{"folds":3,"maxParallel":2,"#
      + #""objective":"Accuracy","parameters":[{"name":"C","values":["1"]}]}}"#
    let data = try JSON.encode(Samples.fullTraining)
    #expect(String(decoding: data, as: UTF8.self) == expected)
    #expect(try JSON.decode(TrainingSpec.self, from: data) == Samples.fullTraining)
  }
}

import Foundation
import Testing

@testable import TrainingDefinition

@Suite struct DatasetReadingTests {
  @Test func `what is not said has the default`() throws {
    #expect(try JSONDecoder().decode(DatasetReading.self, from: Data("{}".utf8)) == DatasetReading())
  }

  @Test func `a request survives JSON, its members beside each other`() throws {
    var request = DatasetRequest(
      uri: "a.csv", format: "csv", targetColumn: "y", dropColumns: ["id"], testFraction: 0.25)
    request.header = false
    request.missingValues = Open(.dropRows)
    request.stratified = true
    request.seed = 7
    let data = try JSONEncoder().encode(request)
    #expect(try JSONDecoder().decode(DatasetRequest.self, from: data) == request)
    let members = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      members.keys.sorted() == [
        "dropColumns", "format", "header", "missingValues", "seed", "stratified", "targetColumn", "testFraction", "uri",
      ])
  }

  /// Checkpoints of earlier releases have words in lower case and the fraction as a number.
  @Test func `a request of an earlier release is read as the same request`() throws {
    let text =
      #"{"uri":"a.csv","header":true,"dropColumns":[],"missingValues":"dropRows","testFraction":0.2,"#
      + #""stratified":false,"seed":42}"#
    var request = DatasetRequest(uri: "a.csv")
    request.missingValues = Open(.dropRows)
    #expect(try JSONDecoder().decode(DatasetRequest.self, from: Data(text.utf8)) == request)
  }
}

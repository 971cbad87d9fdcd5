import Testing

@testable import Mongo

@Suite struct MongoLibraryTests {
  @Test func theDriverIsThere() {
    MongoLibrary.start
    #expect(MongoLibrary.version.hasPrefix("1."))
  }
}

import Basics
import Foundation
import Mongo
import Testing

@Suite(.enabled(if: TestServer.isThere)) struct CollectionIntegrationTests {
  private func withCollection(_ body: (MongoCollection) async throws -> Void) async throws {
    try await TestServer.withClient { try await body($0.collection("things")) }
  }

  @Test func theServerAnswers() async throws {
    try await TestServer.withClient { client in
      try await client.ping()
      #expect(try await client.command(["ping": 1])["ok"]?.doubleValue == 1)
      await #expect(throws: MongoError.self) { try await client.command(["noSuchCommand": 1]) }
    }
  }

  @Test func documentsComeBackAsTheyWereInserted() async throws {
    try await withCollection { things in
      let seed = UInt64.random(in: 0...UInt64.max)
      var random = SplitMix64(seed: seed)
      // Servers keep names of any kind but those that are empty or begin with a dollar.
      func plain(_ document: BSONDocument) -> BSONDocument {
        BSONDocument(
          fields: document.fields.map {
            .init("k" + $0.key.replacing("$", with: "").replacing(".", with: ""), plain($0.value))
          })
      }
      func plain(_ value: BSON) -> BSON {
        switch value {
        case .document(let document): .document(plain(document))
        case .array(let values): .array(values.map(plain))
        // Clocks of zero are set by the server.
        case .timestamp(let time): .timestamp(time | 1 << 33)
        // Beyond what every tool can show.
        case .date(let time): .date(time % 253_402_300_799_000)
        default: value
        }
      }
      for round in 0..<100 {
        let wanted = BSONDocument([("_id", .int(round))]).merging(plain(RandomBSON.document(&random)))
        try await things.insert(wanted)
        #expect(try await things.findOne(["_id": .int(round)]) == wanted, "seed \(seed), round \(round)")
      }
      #expect(try await things.count() == 100)
    }
  }

  @Test func documentsAreFoundAsAsked() async throws {
    try await withCollection { things in
      let outcome = try await things.insert(many: (0..<10).map { ["_id": .int($0), "even": .bool($0 % 2 == 0)] })
      #expect(outcome == InsertOutcome(inserted: 10))
      let found = try await things.find(["even": true], sort: ["_id": -1], projection: ["_id": 1], skip: 1, limit: 2)
      #expect(found == [["_id": 6], ["_id": 4]])
      #expect(try await things.count(["even": true]) == 5)
      #expect(Set(try await things.distinct("even")) == [true, false])
      #expect(try await things.findOne(["_id": 99]) == nil)
      let sums = try await things.aggregate([
        ["$match": ["even": true]], ["$group": ["_id": "$even", "count": ["$sum": 1]]],
      ])
      #expect(sums.first?["count"]?.intValue == 5)
      var seen: [Int] = []
      try await things.forEach(sort: ["_id": 1], batchSize: 3) { seen.append($0["_id"]?.intValue ?? -1) }
      #expect(seen == Array(0..<10))
    }
  }

  @Test func aCursorThatNobodyReadsToItsEndGivesItsConnectionBack() async throws {
    try await TestServer.withClient(options: MongoOptions(maxPoolSize: 1, operationTimeout: .seconds(20))) { client in
      let things = client.collection("things")
      _ = try await things.insert(many: (0..<20).map { ["_id": .int($0)] })
      for _ in 0..<3 {
        let cursor = try await things.cursor([:], batchSize: 2)
        #expect(try await cursor.next(3).count == 3)
      }
      #expect(try await things.count() == 20)
    }
  }

  @Test func duplicatesAreThrownOrTold() async throws {
    try await withCollection { things in
      try await things.createIndexes([MongoIndex(["name": 1], isUnique: true)])
      try await things.createIndexes([MongoIndex(["name": 1], isUnique: true)])
      try await things.insert(["_id": 1, "name": "a"])
      await #expect {
        try await things.insert(["_id": 2, "name": "a"])
      } throws: { error in
        (error as? MongoError)?.kind == .duplicateKey(index: "name_1")
      }
      let documents: [BSONDocument] = ["b", "a", "c", "b"].enumerated().map {
        ["_id": .int(10 + $0.offset), "name": .string($0.element)]
      }
      let outcome = try await things.insert(many: documents, ordered: false, toleratingDuplicates: true)
      #expect(outcome == InsertOutcome(inserted: 2, duplicates: [1, 3]))
      await #expect(throws: MongoError.self) { try await things.insert(many: documents, ordered: false) }
      #expect(try await things.count() == 3)
    }
  }

  @Test func anIndexOverSomeDocumentsHoldsForThose() async throws {
    try await withCollection { things in
      let index = MongoIndex(
        ["run": 1], name: "run", isUnique: true, partialFilter: ["live": ["$eq": true]])
      try await things.createIndexes([index])
      try await things.insert(["_id": 1, "run": "r", "live": true])
      try await things.insert(["_id": 2, "run": "r"])
      await #expect(throws: MongoError.self) { try await things.insert(["_id": 3, "run": "r", "live": true]) }
      try await things.update(["_id": 1], ["$unset": ["live": ""]])
      try await things.insert(["_id": 3, "run": "r", "live": true])
    }
  }

  @Test func documentsAreChangedAndRemoved() async throws {
    try await withCollection { things in
      let made = try await things.update(["_id": "a"], ["$set": ["n": 1]], upsert: true)
      #expect(made == UpdateCounts(matched: 0, modified: 0, upserted: "a"))
      #expect(try await things.update(["_id": "a"], ["$inc": ["n": 1]]).modified == 1)
      #expect(try await things.replace(["_id": "a"], ["n": 5]).matched == 1)
      #expect(try await things.findOne(["_id": "a"])?["n"] == 5)
      let changed = try await things.findAndModify(["_id": "a"], ["$inc": ["n": 1]], returnsNew: true)
      #expect(changed?["n"]?.intValue == 6)
      #expect(try await things.findAndModify(["_id": "b"], nil) == nil)
      #expect(try await things.findAndModify(["_id": "a"], nil)?["n"]?.intValue == 6)
      _ = try await things.insert(many: (0..<5).map { ["_id": .int($0)] })
      #expect(try await things.delete(["_id": ["$lt": 3]]) == 3)
      #expect(try await things.delete([:], many: false) == 1)
      try await things.drop()
      try await things.drop()
      #expect(try await things.count() == 0)
    }
  }

  @Test func aDocumentThatIsTooLargeIsRefusedBeforeOthersAreLost() async throws {
    try await withCollection { things in
      await #expect {
        try await things.insert(["_id": 1, "data": .binary([UInt8](repeating: 1, count: 17 << 20))])
      } throws: { error in
        (error as? MongoError)?.kind == .tooLarge
      }
      try await things.insert(["_id": 2])
      #expect(try await things.count() == 1)
    }
  }

  @Test func manyTasksShareFewConnections() async throws {
    try await TestServer.withClient(options: MongoOptions(maxPoolSize: 3)) { client in
      let things = client.collection("things")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 { group.addTask { try await things.insert(["_id": .int(number)]) } }
        try await group.waitForAll()
      }
      #expect(try await things.count() == 100)
    }
  }
}

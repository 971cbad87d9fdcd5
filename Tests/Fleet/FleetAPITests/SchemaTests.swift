import Basics
import KubeTypes
import Testing

@testable import FleetAPI

/// Schema and Codable describe the same members and defaults.
@Suite struct SchemaTests {
  static let kinds: [(schema: Schema, full: JSONValue)] = {
    do {
      return [
        (TrainingJob.schema, try JSON.value(of: Samples.fullJob)),
        (TrainingTask.schema, try JSON.value(of: Samples.fullTask)),
        (WorkerPool.schema, try JSON.value(of: Samples.fullPool)),
      ]
    } catch { return [] }
  }()

  @Test func thereAreThreeKinds() { #expect(Self.kinds.count == 3) }

  /// A member that only one of the two knows would be pruned by the server, or never read.
  @Test(arguments: kinds.indices)
  func aFullValueHasExactlyTheMembersOfItsSchema(_ index: Int) {
    let kind = Self.kinds[index]
    #expect(Self.differences(kind.schema, kind.full, at: "") == [])
  }

  private static func differences(_ schema: Schema, _ value: JSONValue, at path: String) -> [String] {
    switch (schema.shape, value) {
    case (.object(let properties), .object(let members)):
      if path == ".metadata" { return [] }
      let known = Set(properties.map(\.name))
      let extra = members.keys.filter { !known.contains($0) }.map { "\(path).\($0) is in no schema" }
      return extra
        + properties.flatMap { property in
          guard let member = members[property.name] else { return ["\(path).\(property.name) is never encoded"] }
          return differences(property.schema, member, at: "\(path).\(property.name)")
        }
    case (.map(let values, _), .object(let members)):
      return members.flatMap { differences(values, $0.value, at: "\(path).\($0.key)") }
    case (.list(let items, _, _), .array(let values)):
      return values.isEmpty ? ["\(path) is empty"] : values.flatMap { differences(items, $0, at: "\(path)[]") }
    case (.string, .string), (.serverString, .string), (.intOrString, .string), (.integer, .int), (.boolean, .bool),
      (.anyObject, .object):
      return []
    default: return ["\(path): \(value) is not what the schema says"]
    }
  }

  /// What the server fills in is what Swift assumes: decoding with the defaults and without gives one value.
  @Test func defaultsAreThoseOfTheSwiftTypes() throws {
    let job: JSONValue = [
      "metadata": ["name": "j"],
      "spec": [
        "workerPoolName": "warm", "algorithm": "MLP", "dataset": ["uri": "builtin://digits"], "workers": [:],
        "checkpoint": [:],
      ],
    ]
    let filledJob = Self.defaulted(job, by: TrainingJob.schema)
    #expect(filledJob != job)
    #expect(try JSON.read(TrainingJob.self, from: job).spec == JSON.read(TrainingJob.self, from: filledJob).spec)

    let pool: JSONValue = ["metadata": ["name": "p"], "spec": [:]]
    let filledPool = Self.defaulted(pool, by: WorkerPool.schema)
    #expect(filledPool != pool)
    #expect(try JSON.read(WorkerPool.self, from: pool).spec == JSON.read(WorkerPool.self, from: filledPool).spec)
  }

  private static func defaulted(_ value: JSONValue, by schema: Schema) -> JSONValue {
    guard case .object(let properties) = schema.shape, case .object(var members) = value else { return value }
    for property in properties {
      guard let member = members[property.name] ?? property.schema.defaultValue else { continue }
      members[property.name] = defaulted(member, by: property.schema)
    }
    return .object(members)
  }

  /// `kubectl explain` has something to say about every member.
  @Test(arguments: kinds.indices)
  func everyMemberIsDescribed(_ index: Int) {
    func undescribed(_ schema: Schema, _ path: String) -> [String] {
      let own = schema.description.isEmpty && path != ".metadata" ? [path] : []
      switch schema.shape {
      case .object(let properties): return own + properties.flatMap { undescribed($0.schema, "\(path).\($0.name)") }
      case .map(let values, _): return own + undescribed(values, "\(path).*")
      case .list(let items, _, _): return own + undescribed(items, "\(path)[]")
      default: return own
      }
    }
    #expect(undescribed(Self.kinds[index].schema, "") == [])
  }
}

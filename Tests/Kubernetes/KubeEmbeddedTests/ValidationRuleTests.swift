import Basics
import KubeAccess
import KubeTypes
import Testing

@testable import KubeEmbedded

/// `x-kubernetes-validations`: the language, and what rules do to writes.
@Suite struct ValidationRuleTests {
  @Test(arguments: [
    ("self.min <= self.max", true), ("self.max < self.min", false), ("self.min + 2 * 3 == 7", true),
    ("(self.min + 2) * 3 == 9", true), ("-self.min == -1", true), ("7 / 2 == 3 && 7 % 2 == 1", true),
    ("has(self.name) && !has(self.missing)", true), ("has(self.missing) ? self.missing == 1 : true", true),
    ("self.name.startsWith('a') && self.name.endsWith(\"c\") && self.name.contains('b')", true),
    ("self.name.matches('^[a-z]+$')", true), ("self.name.matches(r'^\\d+$')", false), ("size(self.name) == 3", true),
    ("self.list.size() == 3 && self.list[1] == 2", true), ("self.list.all(x, x > 0)", true),
    ("self.list.exists(x, x == 4)", false), ("self.list.exists_one(x, x >= 3)", true),
    ("self.list.map(x, x * 2) == [2, 4, 6]", true), ("self.list.map(x, x > 1, x * 2) == [4, 6]", true),
    ("self.list.filter(x, x != 2) == [1, 3]", true), ("2 in self.list", true), ("'a' in self.map", true),
    ("self.map.all(k, self.map[k] > 0)", true), ("self.items.all(i, i.n in ['x', 'y'])", true),
    ("self.items.all(i, self.items.exists_one(j, j.n == i.n))", true), ("self.ratio > 0.4 && self.ratio < 1", true),
    ("int(self.text) == 12", true), ("string(self.min) == '1'", true), ("double(self.text) / 5.0 == 2.4", true),
    ("'a,b'.split(',').join('-') == 'a-b'", true), ("self.list.isSorted() && self.list.sum() == 6", true),
    ("self.list.max() == 3 && self.list.min() == 1", true), ("'äb'.size() == 2 && 'abc'.substring(1, 2) == 'b'", true),
    ("self.missing == 1 || true", true), ("true || self.missing == 1", true), ("false && self.missing == 1", false),
    ("self.nothing == null", true), ("self['name'] == 'abc'", true), ("self.a__dash__b == 5", true),
    ("has(self.name) != has(self.missing)", true), ("self.name != 'abc' || has(self.missing)", false),
    ("!has(self.missing) || self.min <= self.missing", true), ("size(self.metadata.name) <= 50", true),
    ("!(self.flag && self.min == 1) || self.max == 9", true), ("{'x': 1}.size() == 1", true),
  ])
  func rulesHaveTheValueTheLanguageGivesThem(_ rule: String, _ expected: Bool) throws {
    let object: JSONValue = [
      "min": 1, "max": 9, "name": "abc", "list": [1, 2, 3], "map": ["a": 1, "b": 2], "flag": true, "ratio": 0.5,
      "text": "12", "items": [["n": "x"], ["n": "y"]], "nothing": .null, "a-b": 5, "metadata": ["name": "some-name"],
    ]
    let expression = try CELParser.parse(rule)
    #expect(try CELEvaluator(variables: ["self": object]).isTrue(expression) == expected)
  }

  @Test(arguments: [
    "self.missing == 1", "self.list[7] == 1", "1 / 0 == 1", "self.name", "self.name + 1 == 'x'", "other",
  ])
  func rulesWithoutAValueFail(_ rule: String) throws {
    let expression = try CELParser.parse(rule)
    #expect(throws: CELError.self) {
      try CELEvaluator(variables: ["self": ["name": "a", "list": [1]]]).isTrue(expression)
    }
  }

  @Test(arguments: [
    "self.", "(self.a", "self.a ==", "self.a & self.b", "'open", "unknown(self.a)", "self.x.unknown()", "1 2",
  ])
  func whatIsNoRuleIsRefused(_ rule: String) { #expect(throws: CELError.self) { try CELParser.parse(rule) } }

  private static func definition(_ rules: JSONValue) -> JSONValue {
    let integer: JSONValue = ["type": "integer"]
    let name: JSONValue = [
      "type": "string",
      "x-kubernetes-validations": [
        ["rule": "self == oldSelf", "message": "is immutable", "reason": "FieldValueForbidden"]
      ],
    ]
    let spec: JSONValue = [
      "type": "object", "properties": ["min": integer, "max": integer, "name": name],
      "x-kubernetes-validations": rules,
    ]
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "cogs.example.com"],
      "spec": [
        "group": "example.com", "scope": "Cluster", "names": ["plural": "cogs", "kind": "Cog"],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": spec]]],
          ]
        ],
      ],
    ]
  }

  @Test func aBrokenRuleIsReportedAsTheFieldItStandsIn() async throws {
    let server = EmbeddedAPIServer()
    let message = "'min ' + string(self.min) + ' is above max'"
    try server.install(
      crd: Self.definition([["rule": "self.min <= self.max", "messageExpression": .string(message)]]))
    let cogs = KubeClient(transport: server).dynamic(
      ResourceDefinition(group: "example.com", version: "v1", plural: "cogs", kind: "Cog", namespaced: false))
    func cog(_ min: Int64) -> DynamicObject {
      DynamicObject([
        "apiVersion": "example.com/v1", "kind": "Cog", "metadata": ["name": "a"],
        "spec": ["min": .int(min), "max": 5, "name": "first"],
      ])
    }
    await #expect { try await cogs.create(cog(6)) } throws: { error in
      let cause = (error as? KubeError)?.details?.causes?.first
      return cause?.field == "spec" && cause?.message == "Invalid value: \"object\": min 6 is above max"
    }
    _ = try await cogs.create(cog(5))
    _ = try await cogs.patch("a", .merge(["spec": ["min": 1]]))
    await #expect { try await cogs.patch("a", .merge(["spec": ["name": "second"]])) } throws: { error in
      let cause = (error as? KubeError)?.details?.causes?.first
      return cause?.field == "spec.name" && cause?.reason == "FieldValueForbidden"
    }
  }

  @Test func aDefinitionWithARuleThatCannotBeReadIsRefused() {
    let server = EmbeddedAPIServer()
    #expect(throws: EmbeddedAPIError.self) { try server.install(crd: Self.definition([["rule": "self.min <="]])) }
  }
}

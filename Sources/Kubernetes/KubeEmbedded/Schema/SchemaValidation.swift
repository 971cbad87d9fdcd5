import Basics
import KubeTypes

/// Holds a value to a schema; the texts are those of the server's OpenAPI validation.
struct SchemaValidation {
  private(set) var errors: [FieldError] = []

  /// What is wrong with `object` as a whole; `metadata` is left to the rules of metadata.
  static func errors(of object: JSONValue, by schema: StructuralSchema) -> [FieldError] {
    var validation = SchemaValidation()
    validation.check(object, schema, "", isRoot: true)
    return validation.errors
  }

  private mutating func check(_ value: JSONValue, _ schema: StructuralSchema, _ field: String, isRoot: Bool = false) {
    let place = field.isEmpty ? "<nil>" : field
    if value == .null {
      if schema.nullable { return }
      if schema.type != nil { typeError(place, value, schema.type ?? "") }
      return
    }
    guard hasType(value, schema) else {
      typeError(place, value, schema.intOrString ? "integer,string" : schema.type ?? "")
      return
    }
    if !schema.allowed.isEmpty, !schema.allowed.contains(where: { Self.equal($0, value) }) {
      errors.append(.unsupported(place, value, supported: schema.allowed))
    }
    switch value {
    case .object(let members): check(members, of: value, schema, field, isRoot: isRoot)
    case .array(let items): check(items, of: value, schema, field)
    case .string(let text): check(text, schema.bounds, place)
    case .int, .double: checkNumber(value, schema.bounds, place)
    default: break
    }
    checkCombinations(value, schema, field)
  }

  private func hasType(_ value: JSONValue, _ schema: StructuralSchema) -> Bool {
    if schema.intOrString {
      switch value {
      case .int, .string: return true
      default: return value.intValue != nil
      }
    }
    switch (schema.type, value) {
    case (nil, _): return true
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool): return true
    case ("number", .int), ("number", .double), ("integer", .int): return true
    case ("integer", .double): return value.intValue != nil
    default: return false
    }
  }

  private mutating func typeError(_ field: String, _ value: JSONValue, _ type: String) {
    errors.append(
      FieldError(
        field: field, reason: .invalid,
        text: "Invalid value: \"\(value.typeName)\": \(field) in body must be of type \(type): \"\(value.typeName)\""))
  }

  private mutating func fail(_ field: String, _ value: JSONValue, _ what: String) {
    errors.append(.invalid(field, value, "\(field) in body \(what)"))
  }

  private mutating func check(
    _ members: [String: JSONValue], of value: JSONValue, _ schema: StructuralSchema, _ field: String, isRoot: Bool
  ) {
    let place = field.isEmpty ? "<nil>" : field
    func path(_ name: String) -> String { field.isEmpty ? name : "\(field).\(name)" }
    for name in schema.required where members[name] == nil { errors.append(.required(path(name))) }
    if let least = schema.bounds.minProperties, members.count < least {
      fail(place, .int(Int64(members.count)), "should have at least \(least) properties")
    }
    if let most = schema.bounds.maxProperties, members.count > most {
      fail(place, .int(Int64(members.count)), "should have at most \(most) properties")
    }
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if isRoot && (name == "metadata" || name == "apiVersion" || name == "kind") { continue }
      if let known = schema.member(name) { check(member, known, path(name)) }
    }
  }

  private mutating func check(_ items: [JSONValue], of value: JSONValue, _ schema: StructuralSchema, _ field: String) {
    let bounds = schema.bounds
    if let least = bounds.minItems, items.count < least {
      fail(field, .int(Int64(items.count)), "should have at least \(least) items")
    }
    if let most = bounds.maxItems, items.count > most {
      fail(field, .int(Int64(items.count)), "should have at most \(most) items")
    }
    if let known = schema.items {
      for (position, item) in items.enumerated() { check(item, known, "\(field)[\(position)]") }
    }
    var seen: Set<JSONValue> = []
    for (position, item) in items.enumerated() {
      switch schema.listType {
      case .map(let keys):
        let identity = Topology.identity(of: item, keys: keys, schema: schema.items)
        if !seen.insert(.object(identity)).inserted {
          errors.append(.duplicate("\(field)[\(position)]", .object(identity)))
        }
      case .set:
        if !seen.insert(item).inserted { errors.append(.duplicate("\(field)[\(position)]", item)) }
      case .atomic:
        if bounds.uniqueItems, !seen.insert(item).inserted {
          fail(field, .int(Int64(items.count)), "shouldn't contain duplicates")
          return
        }
      }
    }
  }

  private mutating func check(_ text: String, _ bounds: ValueBounds, _ field: String) {
    let length = Int64(text.unicodeScalars.count)
    if let least = bounds.minLength, length < least {
      fail(field, .string(text), "should be at least \(least) chars long")
    }
    if let most = bounds.maxLength, length > most {
      fail(field, .string(text), "should be at most \(most) chars long")
    }
    if let pattern = bounds.pattern, !pattern.matches(text) {
      fail(field, .string(text), "should match '\(pattern.text)'")
    }
    if let format = bounds.format, !TextFormat.accepts(text, format: format) {
      fail(field, .string(text), "must be of type \(format): \(JSONWriter.text(.string(text)))")
    }
  }

  private mutating func checkNumber(_ value: JSONValue, _ bounds: ValueBounds, _ field: String) {
    guard let number = value.doubleValue else { return }
    if let least = bounds.minimum, bounds.exclusiveMinimum ? number <= least : number < least {
      let relation = bounds.exclusiveMinimum ? "greater than" : "greater than or equal to"
      fail(field, value, "should be \(relation) \(JSONWriter.number(least))")
    }
    if let most = bounds.maximum, bounds.exclusiveMaximum ? number >= most : number > most {
      let relation = bounds.exclusiveMaximum ? "less than" : "less than or equal to"
      fail(field, value, "should be \(relation) \(JSONWriter.number(most))")
    }
    if let factor = bounds.multipleOf, factor > 0, (number / factor).rounded() * factor != number {
      fail(field, value, "should be a multiple of \(JSONWriter.number(factor))")
    }
    if bounds.format == "int32", let whole = value.intValue, Int32(exactly: whole) == nil {
      fail(field, value, "must be of type int32: \(JSONWriter.text(.string("integer")))")
    }
  }

  private mutating func checkCombinations(_ value: JSONValue, _ schema: StructuralSchema, _ field: String) {
    for part in schema.allOf { check(value, part, field) }
    func holds(_ part: StructuralSchema) -> Bool {
      var trial = SchemaValidation()
      trial.check(value, part, field)
      return trial.errors.isEmpty
    }
    let place = field.isEmpty ? "<nil>" : field
    if !schema.anyOf.isEmpty, !schema.anyOf.contains(where: holds) {
      fail(place, value, "must validate at least one schema (anyOf)")
    }
    if !schema.oneOf.isEmpty, schema.oneOf.count(where: holds) != 1 {
      fail(place, value, "must validate one and only one schema (oneOf)")
    }
    if let not = schema.not, holds(not) { fail(place, value, "must not validate the schema (not)") }
  }

  /// Equal as JSON: 1 and 1.0 are one number.
  private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left == right { return true }
    guard let one = left.doubleValue, let other = right.doubleValue else { return false }
    return one == other
  }
}

import Basics
import KubeTypes

/// One of a schema's `x-kubernetes-validations` (KEP-2876), compiled.
struct ValidationRule: Sendable {
  let text: String
  let expression: CELExpression
  let message: String
  let messageExpression: CELExpression?
  let reason: FieldError.Reason
  /// A rule that mentions `oldSelf` holds changes to account, so it applies to updates alone.
  let isTransition: Bool

  /// - Throws: the rule that cannot be read.
  init(_ tree: JSONValue, at field: String) throws(FieldError) {
    guard let text = tree["rule"]?.stringValue, !text.isEmpty else { throw .required("\(field).rule") }
    self.text = text
    do {
      expression = try CELParser.parse(text)
    } catch { throw .invalid("\(field).rule", .string(text), "compilation failed: \(error)") }
    do {
      messageExpression = try tree["messageExpression"]?.stringValue.map { text throws(CELError) in
        try CELParser.parse(text)
      }
    } catch {
      throw .invalid("\(field).messageExpression", tree["messageExpression"] ?? .null, "compilation failed: \(error)")
    }
    message = tree["message"]?.stringValue ?? "failed rule: \(text)"
    reason = tree["reason"]?.stringValue.flatMap(FieldError.Reason.init) ?? .invalid
    isTransition = expression.mentions("oldSelf")
  }

  /// What the rule has against a value; nil where it holds.
  /// - Parameter old: the value before an update; nil on creation and where old and new cannot be told to be one.
  func error(_ value: JSONValue, old: JSONValue?, at field: String) -> FieldError? {
    var variables = ["self": value]
    if isTransition {
      guard let old else { return nil }
      variables["oldSelf"] = old
    }
    let evaluator = CELEvaluator(variables: variables)
    let place = field.isEmpty ? "<nil>" : field
    func fail(_ text: String) -> FieldError {
      let prefix =
        switch reason {
        case .required: "Required value: "
        case .forbidden: "Forbidden: "
        case .duplicate: "Duplicate value: \"\(value.typeName)\": "
        default: "Invalid value: \"\(value.typeName)\": "
        }
      return FieldError(field: place, reason: reason, text: prefix + text)
    }
    do {
      if try evaluator.isTrue(expression) { return nil }
    } catch { return fail("rule evaluation error: \(error): \(text)") }
    if let messageExpression, case .string(let text)? = try? evaluator.value(messageExpression) { return fail(text) }
    return fail(message)
  }
}

extension StructuralSchema {
  /// What the rules at every depth have against an object.
  /// - Parameter old: the object before an update.
  func ruleErrors(_ value: JSONValue, old: JSONValue?, at field: String = "") -> [FieldError] {
    guard hasRules else { return [] }
    var errors = value == .null ? [] : rules.compactMap { $0.error(value, old: old, at: field) }
    switch value {
    case .object(let members):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        guard let schema = self.member(name) else { continue }
        errors += schema.ruleErrors(member, old: old?[name], at: field.isEmpty ? name : "\(field).\(name)")
      }
    case .array(let elements):
      guard let items else { break }
      for (position, element) in elements.enumerated() {
        errors += items.ruleErrors(element, old: counterpart(of: element, in: old), at: "\(field)[\(position)]")
      }
    default: break
    }
    return errors
  }

  /// The old item that an item of a keyed list was; items of other lists have none.
  private func counterpart(of element: JSONValue, in old: JSONValue?) -> JSONValue? {
    guard case .map(let keys) = listType, let old = old?.arrayValue else { return nil }
    let identity = Topology.identity(of: element, keys: keys, schema: items)
    return old.first { Topology.identity(of: $0, keys: keys, schema: items) == identity }
  }
}

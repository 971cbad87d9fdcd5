/// Expands `$(NAME)` as Kubernetes does in a container's env values, command and args: `$$(NAME)` stays as `$(NAME)`, and a
/// reference to a variable that is not there stays as it is (API reference of `v1.EnvVar.value`).
enum VariableExpansion {
  static func expand(_ text: String, _ variables: [String: String]) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      switch rest.first {
      case "$":
        result += "$"
        rest = rest.dropFirst()
      case "(":
        guard let end = rest.firstIndex(of: ")") else {
          result += "$"
          continue
        }
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        result += variables[name] ?? "$(\(name))"
        rest = rest[rest.index(after: end)...]
      default:
        result += "$"
      }
    }
    return result + rest
  }
}

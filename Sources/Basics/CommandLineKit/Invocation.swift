import Foundation

/// Under which name the user called this program.
package enum Invocation {
  /// Stands in for the name of the process, where help or a script is to be written for another one.
  @TaskLocal package static var override: String?

  /// What users type: `tensorfleet`, or `kubectl tensorfleet` where kubectl called it as its plugin (kubectl finds plugins
  /// by their file names, https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/).
  package static var name: String { override ?? name(of: CommandLine.arguments.first ?? "") }

  /// The name that the program's path stands for.
  package static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file == "kubectl-tensorfleet" ? "kubectl tensorfleet" : "tensorfleet"
  }
}

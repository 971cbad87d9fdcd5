import Foundation
import Registries
import TestSupport
import Testing

/// What `hack/install` installs, used as kubectl and a shell use it.
@Suite struct PluginTests {
  private static let repository = Repository.root
  /// The program that was built together with these tests.
  private static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "tensorfleet").path
  private static let isBuilt = FileManager.default.isExecutableFile(atPath: program)
  private static let hasKubectl = (try? run(["kubectl", "version", "--client"]))?.code == 0

  private static func run(
    _ command: [String], environment: [String: String] = [:]
  ) throws -> (output: String, complaints: String, code: Int32) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, complaints) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = complaints
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Little is said on standard error: it fits into the pipe.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let more = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: text, as: UTF8.self), String(decoding: more, as: UTF8.self), process.terminationStatus)
  }

  /// Installs, hands over the environment of who uses it, and checks that nothing is left afterwards.
  private static func withInstallation(_ body: (Bench, [String: String]) async throws -> Void) async throws {
    let bench = try Bench()
    try await bench.model("iris")
    let prefix = bench.path("prefix")
    let script = repository.appending(path: "hack/install").path
    let installed = try run([script, "--prefix", prefix, "--binary", program])
    #expect(installed.code == 0, "\(installed.complaints)")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    try await body(
      bench, ["PATH": "\(prefix)/bin:\(path)", "TENSORFLEET_REGISTRY": bench.registry.location])
    #expect(try run([script, "--uninstall", "--prefix", prefix]).code == 0)
    let left = FileManager.default.enumerator(atPath: prefix)?.compactMap { $0 as? String }.filter { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(prefix)/\(name)", isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }
    #expect(left == [])
  }

  @Test(.enabled(if: isBuilt)) func shellsCompleteNamesAndKubectlIsToldInItsOwnWay() async throws {
    try await Self.withInstallation { bench, environment in
      let direct = try Self.run(["tensorfleet", "models", "list"], environment: environment)
      #expect(direct.code == 0 && direct.output.contains("iris"))
      let words = try Self.run(["kubectl_complete-tensorfleet", "models", "show", "i"], environment: environment)
      #expect(words.output == "iris\niris@v1\n:4\n", "\(words)")
      let commands = try Self.run(["kubectl_complete-tensorfleet", "models", "comp"], environment: environment)
      #expect(commands.output == "compare\n:4\n", "\(commands)")
      let missing = try Self.run(["tensorfleet", "models", "show", "none"], environment: environment)
      #expect(missing.code == 1 && missing.output.isEmpty && missing.complaints.hasPrefix("error: "))
    }
  }

  @Test(.enabled(if: isBuilt && hasKubectl)) func kubectlRunsThePlugin() async throws {
    try await Self.withInstallation { bench, environment in
      let list = try Self.run(["kubectl", "tensorfleet", "models", "list"], environment: environment)
      #expect(list.code == 0 && list.output.hasPrefix("NAME   VERSION"), "\(list)")
      let help = try Self.run(["kubectl", "tensorfleet", "models", "get", "--help"], environment: environment)
      #expect(
        help.output.contains("USAGE: kubectl tensorfleet models get")
          && help.output.contains("  kubectl tensorfleet models get iris"))
      let plugins = try Self.run(["kubectl", "plugin", "list"], environment: environment)
      #expect(plugins.output.contains("/bin/kubectl-tensorfleet"), "\(plugins)")
    }
  }

  @Test(.enabled(if: isBuilt)) func aReaderThatGoesAwayIsNoError() async throws {
    let bench = try Bench()
    for number in 0..<30 { try await bench.run(id: "run-\(number)") }
    let script = "'\(Self.program)' runs list -o json | head -n 1"
    let outcome = try Self.run(["bash", "-c", script], environment: ["TENSORFLEET_REGISTRY": bench.registry.location])
    #expect(outcome.output == "{\n" && outcome.complaints.isEmpty && outcome.code == 0, "\(outcome)")
  }
}

import ArgumentParser
import CommandLineKit
import Foundation
import Registries
import Testing

@testable import FleetCommands
@testable import RegistryCLI

@Suite struct OptionTests {
  @Test(arguments: [
    "mongodb://me:s3cret@host/db", "mongodb+srv://me:s3cret@cluster.example.net", "mongodb://me:s3cret/with@slash@host",
    "https://me:s3cret@host/",
  ]) func aPasswordOnTheCommandLineIsRefusedAndNotRepeated(location: String) async throws {
    let bench = try Bench()
    for arguments in [
      ["models", "list"], ["datasets", "put", "a", "b"], ["runs", "plot", "x"], ["run", "job.yaml"],
    ] {
      let outcome = await bench.run(arguments: arguments + ["--registry", location])
      #expect(outcome.code == 64 && outcome.complaints.contains("export TENSORFLEET_REGISTRY"))
      #expect(!outcome.complaints.contains("s3cret") && outcome.output.isEmpty, "\(outcome.complaints)")
    }
  }

  @Test(arguments: [
    "mongodb://me:s3cret@127.0.0.1:1/db?serverSelectionTimeoutMS=100", "mongodb://me:s3cret@/",
    "mongodb://me:s3cret@a b/",
    "https://me:s3cret@host/", "mongodb+srv://me:s3cret@127.0.0.1:99/",
  ]) func aPasswordOfTheEnvironmentIsInNoMessage(location: String) async throws {
    let bench = try Bench()
    for arguments in [["models", "list"], ["datasets", "show", "a"], ["runs", "plot", "a"]] {
      let outcome = await bench.run(arguments: arguments, environment: ["TENSORFLEET_REGISTRY": location])
      #expect(outcome.code == 2 && outcome.complaints.hasPrefix("error: "), "\(outcome)")
      #expect(!(outcome.output + outcome.complaints).contains("s3cret"), "\(outcome)")
    }
  }

  @Test func aLocationWithoutPasswordIsNone() {
    for location in [
      "/a/b", "mongodb://host/db", "mongodb://user@host", "mongodb://host:27017/db", "file:///a", "a:b@c",
    ] {
      #expect(RegistryLocation.refusal(of: location) == nil, "\(location)")
    }
  }

  @Test func theLocationIsTheOptionsThenTheEnvironmentsThenTheUsers() {
    let environment = ["TENSORFLEET_REGISTRY": "/e", "HOME": "/home/me"]
    #expect(RegistryLocation.resolve("/o", environment: environment).location == "/o")
    #expect(RegistryLocation.resolve(nil, environment: environment).location == "/e")
    let own = RegistryLocation.resolve(nil, environment: ["TENSORFLEET_REGISTRY": "", "HOME": "/home/me"])
    #expect(own.location == "/home/me/.local/share/tensorfleet" && !own.isChosen)
  }

  @Test func whoOnlyAsksMakesNoDirectory() async throws {
    let bench = try Bench()
    let place = bench.path("nowhere")
    let list = await bench.run("models", "list", "--registry", place)
    #expect(list.code == 2 && list.complaints.contains(place))
    #expect(!FileManager.default.fileExists(atPath: place))
    let put = await bench.run("datasets", "put", "a", try bench.file("a.csv", "x\n1\n"), "--registry", place)
    #expect(put.code == 0 && FileManager.default.fileExists(atPath: place))
    // The place of the user is there when it is asked for.
    let first = await bench.run(
      "models", "list", environment: ["TENSORFLEET_REGISTRY": "", "HOME": bench.path("home")])
    #expect(first.code == 0 && first.complaints.hasPrefix("No models found in "))
  }

  @Test(arguments: [
    (RegistryError.unavailable(detail: "check the host"), Int32(2)),
    (.denied(reason: "RegistryTLSFailed", detail: "d"), 2),
    (.newerSchema(what: "the registry", version: 9, known: 1), 2), (.unsupportedLocation(location: "x://"), 2),
    (.damaged(what: "w", detail: "d"), 1), (.invalidContents(detail: "d"), 1), (.tooLarge(what: "w", detail: "d"), 1),
    (.invalidName(field: "f", value: "v"), 64), (.cancelled, 130),
  ]) func errorsOfTheRegistryHaveTheirExitCodes(error: RegistryError, code: Int32) async throws {
    let outcome = try await Bench().run("models", "list", change: { $0.open = { _ in throw error } })
    #expect(outcome.code == code && outcome.complaints.hasPrefix("error: "), "\(outcome)")
    #expect(outcome.complaints.count { $0 == "\n" } == 1)
  }

  @Test(arguments: [
    ["models", "list", "--limit", "0"], ["models", "list", "--page", "0"], ["models", "list", "--since", "soon"],
    ["models", "list", "--metric", "accuracy"], ["models", "list", "--algorithm", "Forest"],
    ["models", "list", "-o", "xml"],
    ["runs", "list", "--state", "done"], ["models", "list", "--sort-by", "size", "--nonsense"], ["models", "show"],
    ["models", "shw", "x"], ["runs", "list", "--sort-by", "size"], ["models", "list", "--registry", ""],
  ]) func wrongOptionsAreUsage(arguments: [String]) async throws {
    let outcome = try await Bench().run(arguments: arguments)
    #expect(outcome.code == 64 && outcome.output.isEmpty && !outcome.complaints.isEmpty, "\(arguments): \(outcome)")
  }

  @Test func filtersThatAreMisspeltAreCorrected() async throws {
    let bench = try Bench()
    #expect(
      await bench.run("models", "list", "--algorithm", "RandomForst").complaints.contains(
        "(did you mean \"RandomForest\"?)"))
    #expect(await bench.run("runs", "list", "--state", "suceeded").complaints.contains("(did you mean \"Succeeded\"?)"))
  }

  @Test func timesAreReadAsPeopleWriteThem() throws {
    let now = try Date("2026-11-21T12:00:00Z", strategy: .iso8601)
    for (text, expected) in [
      ("7d", "2026-11-14T12:00:00Z"), ("90m", "2026-11-21T10:30:00Z"), ("1w", "2026-11-14T12:00:00Z"),
      ("2026-11-01", "2026-11-01T00:00:00Z"), ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"),
      ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z"), ("2026-11-01T10:00:00.5Z", "2026-11-01T10:00:00Z"),
    ] {
      #expect(TimeSince(argument: text)?.date(now: now).rfc3339 == expected, "\(text)")
    }
    for text in ["", "7", "d", "-1d", "yesterday", "2026-13-01"] {
      #expect(TimeSince(argument: text) == nil, "\(text)")
    }
  }

  @Test func agesAndSizesAreShort() {
    for (seconds, text) in [
      (-5.0, "0s"), (119, "119s"), (120, "2m"), (130, "2m10s"), (3599, "59m"), (10_799, "179m"), (10_800, "3h"),
      (12_000, "3h20m"), (172_799, "47h"), (172_800, "2d"), (270_000, "3d3h"), (691_200, "8d"), (63_071_999, "729d"),
      (63_072_000, "2y"), (66_528_000, "2y40d"), (252_288_000, "8y"),
    ] { #expect(Figures.age(seconds) == text) }
    for (count, text) in [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (10_189, "10 KiB"), (1_048_575, "1.0 MiB"), (1 << 40, "1.0 TiB"),
    ] { #expect(Figures.bytes(count) == text) }
  }

  @Test func everyCommandHasHelpWithExamplesAndExitCodes() async throws {
    let bench = try Bench()
    for group in RegistryCommands.all {
      for command in [group] + group.configuration.subcommands {
        let help = command.helpMessage(columns: 200)
        #expect(help.contains("EXAMPLES"), "\(command)")
        if command != group { #expect(help.contains("EXIT CODES"), "\(command)") }
      }
    }
    #expect(await bench.run("models", "--help").complaints.contains("SUBCOMMANDS"))
  }

  @Test func underKubectlsNameHelpSpeaksOfKubectl() {
    #expect(Invocation.name(of: "/usr/local/bin/kubectl-tensorfleet") == "kubectl tensorfleet")
    #expect(Invocation.name(of: "./tensorfleet") == "tensorfleet")
    Invocation.$override.withValue("kubectl tensorfleet") {
      #expect(TensorFleetCommand.helpMessage().contains("USAGE: kubectl tensorfleet <subcommand>"))
    }
  }
}

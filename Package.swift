// swift-tools-version: 6.2
import PackageDescription

// The floors of the house, the lowest first. A target may import its own floor and those below it, never one above:
// `hack/test lint` holds it to that. Each target's folder is Sources/<floor>/<target>.
enum Floor: String, CaseIterable {
  case bridges = "Bridges"
  case basics = "Basics"
  case kubernetes = "Kubernetes"
  case training = "Training"
  case storage = "Storage"
  case fleet = "Fleet"
  case local = "Local"
  case commandLine = "CommandLine"
  case programs = "Programs"
}

// Every target is Swift 6 with warnings as errors. `package` is the access level between targets of this package; what
// other packages may use as well, Basics and Kubernetes, is `public`.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility")]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func library(_ floor: Floor, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(floor.rawValue)/\(name)", swiftSettings: strict)
}

/// A bridge to a system library: C, and nothing but what the library's headers need.
func bridge(_ name: String, links library: String? = nil) -> Target {
  .target(
    name: name, path: "Sources/\(Floor.bridges.rawValue)/\(name)",
    linkerSettings: library.map { [.linkedLibrary($0)] } ?? [])
}

/// Inner loops that no library has, in C; compiled fast in debug builds too, or tests would take minutes.
func kernels(_ name: String, links library: String? = nil) -> Target {
  .target(
    name: name, path: "Sources/\(Floor.training.rawValue)/Kernels/\(name)", cSettings: [.unsafeFlags(["-O3"])],
    linkerSettings: library.map { [.linkedLibrary($0)] } ?? [])
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Sources/\(Floor.programs.rawValue)/\(name)", swiftSettings: strict)
}

func bench(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: "hack/bench/\(name)", swiftSettings: strict)
}

/// What tests share: `Tests/TestSupport`.
let support = Target.target(
  name: "TestSupport", dependencies: ["Basics"], path: "Tests/TestSupport", swiftSettings: strict)

/// Tests mirror the sources: those of Sources/Fleet/FleetPlan are in Tests/Fleet/FleetPlanTests.
func tests(_ floor: Floor, _ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(floor.rawValue)/\(name)",
    swiftSettings: strict)
}

let bridges: [Target] = [
  bridge("CCrypto", links: "crypto"),
  bridge("CCurl", links: "curl"),
  .systemLibrary(
    name: "CMongoC", path: "Sources/Bridges/CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
  bridge("COpenBLAS", links: "dl"),
  bridge("CProcess"),
  bridge("CZlib", links: "z"),
  bridge("CZstd", links: "zstd"),
]

let basics: [Target] = [
  library(.basics, "Basics", ["CCrypto", "CProcess"]),
  // What all commands share: the terminal, tables, figures.
  library(.basics, "CommandLineKit"),
  tests(.basics, "BasicsTests", ["Basics"]),
]

// Kubernetes for Swift: nothing here knows of TensorFleet.
let kubernetes: [Target] = [
  library(.kubernetes, "KubeTypes", ["Basics"]),
  library(.kubernetes, "KubeAccess", ["Basics", "KubeTypes", "CCurl", log, metrics, yams]),
  library(.kubernetes, "KubeRuntime", ["Basics", "KubeTypes", "KubeAccess", log, metrics]),
  library(.kubernetes, "KubeEmbedded", ["Basics", "KubeTypes"]),
  tests(.kubernetes, "KubeTypesTests", ["Basics", "KubeTypes"]),
  // CCrypto: its headers are the first to declare the sockets that the loopback server uses.
  tests(.kubernetes, "KubeAccessTests", ["Basics", "CCrypto", "KubeTypes", "KubeAccess", metrics]),
  tests(.kubernetes, "KubeRuntimeTests", ["Basics", "KubeTypes", "KubeAccess", "KubeRuntime", log, metrics]),
  tests(.kubernetes, "KubeEmbeddedTests", ["Basics", "KubeTypes", "KubeEmbedded", "KubeAccess"]),
  tests(.kubernetes, "ConformanceTests", ["Basics", "KubeTypes", "KubeEmbedded", "KubeAccess"]),
]

let training: [Target] = [
  kernels("CKernels"),
  kernels("CTextScan"),
  kernels("CTrees", links: "m"),
  kernels("CVectorMath"),
  library(.training, "ONNX"),
  // What a training is: read by the API, the trainer and the command line alike.
  library(.training, "TrainingDefinition"),
  library(
    .training, "Learning",
    ["Basics", "CKernels", "COpenBLAS", "CTextScan", "CTrees", "CVectorMath", "CZlib", "ONNX", "TrainingDefinition"]),
  tests(.training, "ONNXTests", ["ONNX"]),
  tests(
    .training, "LearningTests",
    ["Basics", "Learning", "CKernels", "CTrees", "CVectorMath", "CZlib", "ONNX", "TrainingDefinition"]),
  tests(.training, "TrainingDefinitionTests", ["Basics", "TrainingDefinition"]),
]

let storage: [Target] = [
  library(.storage, "Fetching", ["Basics", "CCurl", "CCrypto"]),
  library(.storage, "Mongo", ["Basics", "CCrypto", "CMongoC"]),
  library(.storage, "Registries", ["Basics", "CCrypto", "CProcess", "CZstd", "Mongo", log]),
  tests(.storage, "FetchingTests", ["Basics", "Fetching"]),
  tests(.storage, "MongoTests", ["Basics", "CMongoC", "Mongo"]),
  tests(.storage, "RegistriesTests", ["Basics", "Mongo", "Registries"]),
]

let fleet: [Target] = [
  library(.fleet, "FleetAPI", ["Basics", "KubeTypes", "TrainingDefinition"]),
  library(.fleet, "FleetPlan", ["Basics", "FleetAPI", "KubeTypes"]),
  library(
    .fleet, "FleetOperator",
    ["Basics", "FleetAPI", "FleetPlan", "KubeTypes", "KubeAccess", "KubeRuntime", log, metrics]),
  library(
    .fleet, "WorkerAgent",
    [
      "Basics", "Fetching", "FleetAPI", "Learning", "Registries", "TrainingDefinition", "KubeTypes", "KubeAccess",
      "KubeRuntime", log, metrics,
    ]),
  tests(.fleet, "FleetAPITests", ["Basics", "FleetAPI", "KubeTypes", "TrainingDefinition"]),
  tests(.fleet, "FleetPlanTests", ["Basics", "FleetAPI", "FleetPlan", "KubeTypes", "TrainingDefinition"]),
  tests(
    .fleet, "FleetOperatorTests",
    [
      "Basics", "FleetAPI", "FleetPlan", "FleetOperator", "KubeTypes", "KubeAccess", "KubeRuntime", "KubeEmbedded",
      "TrainingDefinition", log,
    ]),
  tests(
    .fleet, "WorkerAgentTests",
    [
      "Basics", "Fetching", "FleetAPI", "Learning", "Registries", "TrainingDefinition", "WorkerAgent", "KubeTypes",
      "KubeAccess", "KubeRuntime", "KubeEmbedded", log,
    ]),
]

// One machine, no cluster: pods without a kubelet, and all of TensorFleet in one process.
let local: [Target] = [
  library(
    .local, "LocalPods", ["Basics", "CProcess", "FleetAPI", "KubeTypes", "KubeAccess", "KubeRuntime", log]),
  library(
    .local, "LocalTraining",
    [
      "Basics", "CommandLineKit", "FleetAPI", "FleetOperator", "FleetPlan", "KubeTypes", "KubeAccess", "KubeEmbedded",
      "KubeRuntime", "Learning", "LocalPods", "Registries", "TrainingDefinition", "WorkerAgent", log, yams,
    ]),
  tests(
    .local, "LocalPodsTests", ["Basics", "FleetAPI", "KubeTypes", "KubeAccess", "KubeEmbedded", "LocalPods", log]),
  tests(
    .local, "LocalTrainingTests",
    [
      "Basics", "CommandLineKit", "FleetAPI", "KubeAccess", "KubeTypes", "LocalPods", "LocalTraining", "Registries",
      "TrainingDefinition", "WorkerAgent", "tensorfleet", log,
    ]),
]

let commandLine: [Target] = [
  library(
    .commandLine, "LearningCLI",
    ["Basics", "CommandLineKit", "Fetching", "Learning", "TrainingDefinition", arguments]),
  library(
    .commandLine, "RegistryCLI",
    [
      "Basics", "CommandLineKit", "FleetAPI", "KubeTypes", "Learning", "Registries", "TrainingDefinition", arguments,
      yams,
    ]),
  library(
    .commandLine, "FleetCommands",
    ["CommandLineKit", "FleetAPI", "LearningCLI", "LocalTraining", "Registries", "RegistryCLI", log, arguments]),
  library(
    .commandLine, "OperatorCommands",
    [
      "Basics", "CProcess", "FleetAPI", "FleetOperator", "FleetPlan", "KubeTypes", "KubeAccess", "KubeRuntime", log,
      metrics, arguments, .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    ]),
  library(
    .commandLine, "WorkerCommands",
    ["Basics", "CommandLineKit", "FleetAPI", "KubeAccess", "Registries", "WorkerAgent", log, arguments]),
  library(.commandLine, "PodRunnerCommands", ["CommandLineKit", "KubeAccess", "LocalPods", log, arguments]),
  tests(
    .commandLine, "LearningCLITests",
    [
      "Basics", "CommandLineKit", "FleetAPI", "KubeTypes", "LearningCLI", "Fetching", "Learning", "TrainingDefinition",
      arguments,
    ]),
  tests(
    .commandLine, "OperatorCommandsTests",
    [
      "Basics", "FleetAPI", "FleetOperator", "FleetPlan", "KubeAccess", "KubeEmbedded", "KubeRuntime", "KubeTypes",
      "OperatorCommands", log, .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    ]),
  tests(
    .commandLine, "RegistryCLITests",
    [
      "Basics", "CommandLineKit", "FleetCommands", "KubeTypes", "Learning", "Mongo", "Registries", "RegistryCLI",
      "tensorfleet", arguments,
    ]),
]

let programs: [Target] = [
  // What users run.
  executable("tensorfleet", ["FleetCommands", "Registries", arguments]),
  executable("tensorfleet-operator", ["OperatorCommands", arguments]),
  executable("tensorfleet-worker", ["WorkerCommands", arguments]),
  executable("tensorfleet-pod-runner", ["PodRunnerCommands", arguments]),
  // What developers run: started by scripts in hack/.
  executable("fleet-codegen", ["FleetAPI"]),
  bench("fleet-bench", ["Basics", "FleetAPI", "KubeTypes", "KubeAccess", "KubeRuntime", arguments]),
  bench("learning-bench", ["Basics", "Learning", "TrainingDefinition"]),
  bench("registry-bench", ["Basics", "Mongo", "Registries", arguments]),
]

let package = Package(
  name: "TensorFleet",
  products: [
    .library(name: "KubernetesForSwift", targets: ["Basics", "KubeTypes", "KubeAccess", "KubeRuntime", "KubeEmbedded"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The operator's one HTTP server. Its optional parts (configuration files) are left out: they take long to build.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: bridges + basics + kubernetes + training + storage + fleet + local + commandLine + programs + [
    support,
    // Tests of everything together, on real servers.
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["TestSupport", "Basics", "FleetAPI", "KubeTypes", "KubeAccess", "KubeRuntime", "Mongo"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// libFuzzer brings its own main, so this target cannot be part of an ordinary build.
if Context.environment["TENSORFLEET_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "data-fuzz", dependencies: ["Learning", "TrainingDefinition"], path: "hack/fuzzing",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}

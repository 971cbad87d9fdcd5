// swift-tools-version: 6.2
import PackageDescription

// Every target is Swift 6 with warnings as errors. `package` is the access level between targets.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "TensorFleet",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The operator's one HTTP server. Its optional parts (configuration files) are left out: they take long to build.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Bridges to system libraries.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CProcess"),
    .systemLibrary(name: "CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CZstd", linkerSettings: [.linkedLibrary("zstd")]),

    // Inner loops that no library has, in C; compiled fast in debug builds too, or tests would take minutes.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CTextScan", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CTrees", cSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CVectorMath", cSettings: [.unsafeFlags(["-O3"])]),

    // Kubernetes for Swift: nothing here knows of TensorFleet.
    library("KubeTypes"),
    library("KubeClient", ["KubeTypes", "CCurl", log, metrics, yams]),
    library("KubeRuntime", ["KubeClient", log, metrics]),
    library("KubeEmbedded", ["KubeTypes"]),

    // The operator.
    library("FleetAPI", ["KubeTypes"]),
    library("FleetPlan", ["FleetAPI"]),
    library("FleetOperator", ["FleetPlan", "KubeRuntime", log, metrics]),

    // The trainer.
    library("ONNX"),
    library("DataSources", ["CCurl", "CCrypto"]),
    library("Learning", ["CKernels", "COpenBLAS", "CTextScan", "CTrees", "CVectorMath", "CZlib", "ONNX"]),
    library("CommandLineKit"),
    library("LearningCLI", ["CommandLineKit", "DataSources", "Learning", arguments]),
    library("Mongo", ["CCrypto", "CMongoC"]),
    library("Registry", ["CCrypto", "CProcess", "CZstd", "Mongo"]),
    library("RegistryCLI", ["CommandLineKit", "FleetAPI", "Learning", "Registry", arguments, yams]),
    library("FleetWorker", ["DataSources", "FleetAPI", "Learning", "Registry", "KubeRuntime", log, metrics]),

    // Development: pods without a kubelet, and all of TensorFleet in one process.
    library(
      "FleetDev",
      ["CommandLineKit", "CProcess", "FleetOperator", "FleetWorker", "KubeEmbedded", "Learning", "Registry", log, yams]),

    // What users run.
    executable(
      "tensorfleet",
      ["CommandLineKit", "FleetDev", "FleetAPI", "LearningCLI", "Registry", "RegistryCLI", log, arguments]),
    executable(
      "tensorfleet-operator",
      [
        "CProcess", "FleetOperator", log, metrics, arguments, .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    executable("tensorfleet-worker", ["FleetWorker", "KubeClient", "Registry", log, arguments]),
    executable("tensorfleet-pod-runner", ["CommandLineKit", "FleetDev", log, arguments]),

    // What developers run: started by scripts in hack/.
    executable("fleet-codegen", ["FleetAPI"]),
    .executableTarget(
      name: "fleet-bench", dependencies: ["FleetAPI", "KubeRuntime", arguments], path: "hack/bench/fleet-bench",
      swiftSettings: strict),
    .executableTarget(
      name: "learning-bench", dependencies: ["Learning"], path: "hack/bench/learning-bench", swiftSettings: strict),
    .executableTarget(
      name: "registry-bench", dependencies: ["Mongo", "Registry", arguments], path: "hack/bench/registry-bench",
      swiftSettings: strict),

    tests("KubeTypesTests", ["KubeTypes"]),
    tests("KubeClientTests", ["KubeClient"]),
    tests("KubeRuntimeTests", ["KubeRuntime"]),
    tests("KubeEmbeddedTests", ["KubeEmbedded", "KubeClient"]),
    tests("ConformanceTests", ["KubeEmbedded", "KubeClient"]),
    tests("FleetDevTests", ["CommandLineKit", "FleetDev", "FleetWorker", "Registry", "tensorfleet", log]),
    tests("FleetAPITests", ["FleetAPI"]),
    tests("FleetPlanTests", ["FleetPlan"]),
    tests("FleetOperatorTests", ["FleetOperator", "KubeEmbedded"]),
    tests("FleetWorkerTests", ["DataSources", "FleetWorker", "KubeEmbedded"]),
    tests("ONNXTests", ["ONNX"]),
    tests("DataSourcesTests", ["DataSources"]),
    tests("LearningTests", ["Learning", "CKernels", "CTrees", "CVectorMath", "CZlib", "ONNX"]),
    tests("LearningCLITests", ["CommandLineKit", "LearningCLI", "DataSources", "Learning", arguments]),
    tests("MongoTests", ["Mongo"]),
    tests("RegistryTests", ["Mongo", "Registry"]),
    tests(
      "RegistryCLITests", ["CommandLineKit", "Learning", "Mongo", "Registry", "RegistryCLI", "tensorfleet", arguments]),
    tests("IntegrationTests", ["FleetAPI", "KubeRuntime", "Mongo"]),
  ],
  swiftLanguageModes: [.v6]
)

// libFuzzer brings its own main, so this target cannot be part of an ordinary build.
if Context.environment["TENSORFLEET_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "data-fuzz", dependencies: ["Learning"], path: "hack/fuzzing",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}

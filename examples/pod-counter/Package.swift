// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "pod-counter",
  dependencies: [.package(name: "TensorFleet", path: "../..")],
  targets: [
    .executableTarget(
      name: "pod-counter",
      dependencies: [
        .product(name: "KubernetesForSwift", package: "TensorFleet")
      ])
  ],
  swiftLanguageModes: [.v6])

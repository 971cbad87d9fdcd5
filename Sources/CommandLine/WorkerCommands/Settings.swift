import ArgumentParser
import WorkerAgent

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Options that may also come from the environment, which is how a pod gets them.
enum Settings {
  static func value(_ option: String?, environment name: String) -> String? {
    if let option, !option.isEmpty { return option }
    let value = ProcessInfo.processInfo.environment[name]
    return value?.isEmpty == false ? value : nil
  }

  static func required(_ option: String?, _ flag: String, environment name: String) throws -> String {
    guard let value = value(option, environment: name) else {
      throw ValidationError("Missing \(flag), and \(name) is not in the environment.")
    }
    return value
  }

  static func readyFile(_ option: String?) -> String {
    value(option, environment: ReadinessFile.environment) ?? ReadinessFile.defaultPath
  }
}

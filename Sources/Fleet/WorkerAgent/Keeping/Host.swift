import FleetAPI
import Learning
import Registries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a run's record tells of the machine.
package enum Host {
  /// Looks at this machine.
  /// - Parameter node: the machine's name; nil asks the system.
  package static func facts(pod: String, node: String?) -> HostFacts {
    HostFacts(
      pod: pod, node: node ?? ProcessInfo.processInfo.hostName, processor: processor(text("/proc/cpuinfo") ?? ""),
      processors: CPULimit.current(), memory: memory(root: ""), version: Fleet.release)
  }

  /// The model that /proc/cpuinfo tells (proc_cpuinfo(5)); empty where it tells none.
  package static func processor(_ cpuinfo: String) -> String {
    for line in cpuinfo.split(separator: "\n") where line.hasPrefix("model name") || line.hasPrefix("Model") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    return ""
  }

  /// Bytes that this process may use: the limit of its cgroup (`memory.max` of version 2, `memory.limit_in_bytes` of version 1;
  /// in a container the mount's root is its own), or what the machine has.
  package static func memory(root: String) -> Int {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    let limits = files.compactMap { text(root + $0).flatMap { Int($0.filter(\.isNumber)) } }
    return min(machine, limits.filter { $0 > 0 }.min() ?? machine)
  }

  private static func text(_ path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How many CPUs this process may use: the smaller of its affinity mask and its cgroup's CPU quota.
///
/// A quota of 1.5 CPUs counts as 1: a second thread would be throttled half of the time and the others wait for it at
/// the end of every matrix product.
package enum CPULimit {
  /// The limit now, at least 1.
  package static func current() -> Int {
    max(1, min(allowed(root: "/") ?? 1, quota(root: "/") ?? Int.max))
  }

  /// CPUs granted by a quota of `quotaMicroseconds` in each `periodMicroseconds`; nil when unlimited or nonsense.
  package static func cores(quotaMicroseconds: Int, periodMicroseconds: Int) -> Int? {
    guard quotaMicroseconds > 0, periodMicroseconds > 0 else { return nil }
    return max(1, quotaMicroseconds / periodMicroseconds)
  }

  /// The tightest quota on the path from this process's cgroup to the root, read from the file system under `root`.
  ///
  /// cgroup v2 has `cpu.max` ("max 100000" or "150000 100000"), v1 has `cpu.cfs_quota_us` and `cpu.cfs_period_us`
  /// (Linux Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst). Inside a container the path in
  /// /proc/self/cgroup may be the host's, so the mount's own root is always looked at too.
  package static func quota(root: String) -> Int? {
    let prefix = root.hasSuffix("/") ? String(root.dropLast()) : root
    var limits: [Int] = []
    for line in (text(prefix + "/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[0] == "0" && parts[1].isEmpty {
        limits += ancestors(of: String(parts[2])).compactMap { unified(prefix + "/sys/fs/cgroup" + $0) }
      } else if parts[1].split(separator: ",").contains("cpu") {
        for mount in ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"] {
          limits += ancestors(of: String(parts[2])).compactMap { legacy(prefix + mount + $0) }
        }
      }
    }
    return limits.min()
  }

  /// "/a/b" → ["/a/b", "/a", ""].
  private static func ancestors(of path: String) -> [String] {
    var parts = path.split(separator: "/")
    var result: [String] = []
    while !parts.isEmpty {
      result.append("/" + parts.joined(separator: "/"))
      parts.removeLast()
    }
    return result + [""]
  }

  private static func unified(_ directory: String) -> Int? {
    guard let words = text(directory + "/cpu.max")?.split(whereSeparator: \.isWhitespace), words.count == 2,
      let quota = Int(words[0]), let period = Int(words[1])
    else { return nil }
    return cores(quotaMicroseconds: quota, periodMicroseconds: period)
  }

  private static func legacy(_ directory: String) -> Int? {
    guard let quota = number(directory + "/cpu.cfs_quota_us"), let period = number(directory + "/cpu.cfs_period_us")
    else { return nil }
    return cores(quotaMicroseconds: quota, periodMicroseconds: period)
  }

  private static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }

  private static func text(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// CPUs in this process's affinity mask: the bits of `Cpus_allowed` in /proc/self/status (proc(5)).
  package static func allowed(root: String) -> Int? {
    let prefix = root.hasSuffix("/") ? String(root.dropLast()) : root
    let key = "Cpus_allowed:"
    guard
      let line = text(prefix + "/proc/self/status")?.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return nil }
    let bits = line.dropFirst(key.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return bits > 0 ? bits : nil
  }
}

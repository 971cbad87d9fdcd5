import Foundation
import Glibc

/// What this process has used up to now.
struct ProcessUsage {
  /// User and system time.
  var cpuSeconds: Double
  /// The most memory that was resident at a time.
  var peakBytes: Int

  static func now() -> ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      .flatMap { $0.split(whereSeparator: { !$0.isNumber }).first }.flatMap { Int($0) }
    return ProcessUsage(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakBytes: (peak ?? Int(usage.ru_maxrss)) * 1024)
  }
}

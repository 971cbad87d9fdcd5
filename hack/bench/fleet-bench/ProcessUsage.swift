import Glibc

/// What a process has used so far, from `/proc` (proc(5)).
struct ProcessUsage {
  /// User and system time in seconds.
  var cpuSeconds: Double
  /// The most resident memory it ever had, or has had since ``forgetPeak(pid:)`` (VmHWM), in MiB.
  var peakMiB: Double

  /// nil where there is no such process.
  init?(pid: Int32) {
    guard let stat = Self.read("/proc/\(pid)/stat"), let status = Self.read("/proc/\(pid)/status"),
      let name = stat.lastIndex(of: ")")
    else { return nil }
    // After the name in parentheses: state is field 3, utime 14, stime 15, in clock ticks of 1/100 s.
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    cpuSeconds = (user + system) / 100
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    peakMiB = (peak?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }

  /// Begins the peak anew: from now on it is the most that the process has from now on (proc(5), clear_refs).
  static func forgetPeak(pid: Int32) {
    guard let file = fopen("/proc/\(pid)/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  private static func read(_ path: String) -> String? {
    // Files of /proc say that their size is 0: they have to be read to their end.
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

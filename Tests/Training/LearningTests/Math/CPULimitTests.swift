import Foundation
import Testing

@testable import Learning

@Suite struct CPULimitTests {
  @Test(
    arguments: [
      (200_000, 100_000, 2), (150_000, 100_000, 1), (50_000, 100_000, 1), (-1, 100_000, nil), (100_000, 0, nil),
    ] as [(Int, Int, Int?)])
  func quotaCountsWholeCPUs(quota: Int, period: Int, expected: Int?) {
    #expect(CPULimit.cores(quotaMicroseconds: quota, periodMicroseconds: period) == expected)
  }

  private func quota(_ files: [String: String]) throws -> Int? {
    try Fixtures.withDirectory { root in
      for (path, text) in files {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      return CPULimit.quota(root: root.path)
    }
  }

  @Test func unifiedHierarchyTakesTheTightestAncestor() throws {
    let limit = try quota([
      "proc/self/cgroup": "0::/kubepods/pod1\n", "sys/fs/cgroup/kubepods/pod1/cpu.max": "max 100000\n",
      "sys/fs/cgroup/kubepods/cpu.max": "300000 100000\n",
    ])
    #expect(limit == 3)
  }

  @Test func unifiedRootCountsInsideAContainer() throws {
    #expect(try quota(["proc/self/cgroup": "0::/../host/path\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"]) == 2)
  }

  @Test func legacyHierarchyIsRead() throws {
    let limit = try quota([
      "proc/self/cgroup": "4:memory:/\n3:cpu,cpuacct:/box\n",
      "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "400000\n",
      "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
    ])
    #expect(limit == 4)
  }

  @Test func noQuotaIsNoLimit() throws {
    #expect(try quota(["proc/self/cgroup": "0::/\n"]) == nil)
    #expect(try quota([:]) == nil)
  }

  @Test func thisProcessMayUseAtLeastOneCPU() {
    #expect((1...ProcessInfo.processInfo.processorCount).contains(CPULimit.current()))
  }
}

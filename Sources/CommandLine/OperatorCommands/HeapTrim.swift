import Basics
import CProcess
import ServiceLifecycle

/// Gives memory that a burst of objects needed back to the system. glibc keeps what was freed below something that is
/// still in use, and an operator that lives for months would stay as large as its worst minute.
struct HeapTrim: Service {
  private static let interval = Duration.seconds(3)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: Self.interval)) != nil {
        cprocess_trim_heap()
      }
    }
  }
}

import Basics
import Synchronization

/// Runs `operation` to its end though the caller is cancelled; when `grace` has passed since then, it is cancelled too, and
/// still waited for.
func shielded(
  for grace: Duration, on clock: any RuntimeClock, executor: (any TaskExecutor)?,
  _ operation: @escaping @Sendable () async -> Void
) async {
  let work = Task(executorPreference: executor) { await operation() }
  let alarm = Mutex<Task<Void, Never>?>(nil)
  await withTaskCancellationHandler {
    await work.value
  } onCancel: {
    let timer = Task(executorPreference: executor) {
      if (try? await clock.sleep(for: grace)) != nil { work.cancel() }
    }
    alarm.withLock { $0 = timer }
  }
  alarm.withLock { $0 }?.cancel()
}

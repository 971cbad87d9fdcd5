import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeRuntime
import KubeTypes
import Learning
import Logging
import Registries

/// `tensorfleet run`: trains the jobs of some files in this process and tells how it goes.
package struct LocalRun {
  package struct Options: Sendable {
    package var registry: String
    /// Where relative data set paths begin; nil: in each file's own directory.
    package var dataDirectory: String?
    /// Replaces the pools' replicas.
    package var workers: Int?
    package var timeout: Duration?

    package init(registry: String, dataDirectory: String? = nil, workers: Int? = nil, timeout: Duration? = nil) {
      self.registry = registry
      self.dataDirectory = dataDirectory
      self.workers = workers
      self.timeout = timeout
    }
  }

  /// How a run ended.
  package enum Outcome: Sendable, Equatable {
    case allSucceeded
    case someFailed
    case timedOut
    case interrupted(signal: Int32)

    package var exitCode: Int32 {
      switch self {
      case .allSucceeded: 0
      case .someFailed, .timedOut: 1
      case .interrupted(let signal): 128 + signal
      }
    }
  }

  private enum Step: Sendable {
    case over
    case tick
    case timeout
    case signal(Int32)
  }

  private let options: Options
  private let display: Display
  private let report: FinalReport
  private let note: (String) -> Void

  /// - Parameters:
  ///   - note: where remarks go that are no result.
  package init(
    options: Options, display: Display, report: FinalReport,
    note: @escaping (String) -> Void = { FileHandle.standardError.write(Data(($0 + "\n").utf8)) }
  ) {
    self.options = options
    self.display = display
    self.report = report
    self.note = note
  }

  /// Reads the files, trains, reports.
  /// - Parameter signals: ends the run in good order.
  /// - Throws: ``ManifestErrors`` where the files are at fault, before anything is begun; `RegistryError`.
  package func run(files: [String], signals: AsyncStream<Int32>) async throws -> Outcome {
    let objects = try ManifestReader.read(files: files)
      .map { DatasetPaths.resolve($0, dataDirectory: options.dataDirectory) }
    let keys = objects.filter { $0.definition == TrainingJob.definition }
      .map { ObjectKey(namespace: $0.namespace, name: $0.name) }
    guard !keys.isEmpty else {
      throw ManifestErrors(
        files.map { ManifestError(file: $0, message: "there is no TrainingJob in it, so there is nothing to train") })
    }
    let directory = options.dataDirectory ?? FileManager.default.currentDirectoryPath
    let fleet = try LocalFleet(
      registry: try openRegistry(options.registry), dataRoot: URL(filePath: directory, directoryHint: .isDirectory))
    let additions = LocalInstaller.additions(for: objects, workers: options.workers)
    try await LocalInstaller(client: fleet.client, workers: options.workers).install(objects, additions)
    for line in additions.notes { note(line) }
    await shareProcessors(jobs: keys.count, fleet.client)
    return await follow(fleet, JobBoard(keys), signals)
  }

  /// Divides the processors among the trainings that can run at once: each has a thread of its own and calls BLAS from it.
  private func shareProcessors(jobs: Int, _ client: KubeClient) async {
    let pools = (try? await client.allNamespaces(WorkerPool.self).listAll().items) ?? []
    let atOnce = max(1, min(jobs, pools.reduce(0) { $0 + $1.spec.replicas }))
    // A library that is missing is the worker's to report, as the job's failure.
    try? Blas.load().setThreads(max(1, CPULimit.current() / atOnce))
  }

  private func follow(_ fleet: LocalFleet, _ board: JobBoard, _ signals: AsyncStream<Int32>) async -> Outcome {
    let (steps, inbox) = AsyncStream.makeStream(of: Step.self)
    let jobs = Informer(fleet.client.allNamespaces(TrainingJob.self))
    jobs.onChange { change in
      board.take(change)
      if board.isOver { inbox.yield(.over) }
    }
    let timeout = options.timeout
    let helpers = [
      Task { await jobs.run() },
      Task {
        while (try? await Task.sleep(for: .milliseconds(50))) != nil { inbox.yield(.tick) }
      },
      Task {
        guard let timeout, (try? await Task.sleep(for: timeout)) != nil else { return }
        inbox.yield(.timeout)
      },
      Task {
        for await number in signals { inbox.yield(.signal(number)) }
      },
    ]
    defer { for helper in helpers { helper.cancel() } }
    let work = Task { await fleet.run() }
    let ending = await watch(steps, board)
    let last = board.jobs
    display.show(last.map(JobSnapshot.init))
    switch ending {
    case .signal: note("interrupted: the workers hand back what they train (once more ends at once)")
    case .timeout: note("the time of --timeout is over: the workers hand back what they train")
    case .over, .tick: break
    }
    work.cancel()
    await work.value
    if !fleet.spool.removeIfEmpty() {
      note(
        "the registry did not take everything; the rest is in \(fleet.spool.directory), and the next 'tensorfleet run' with this "
          + "registry sends it")
    }
    await tell(last, fleet.client)
    switch ending {
    case .signal(let number): return .interrupted(signal: number)
    case .timeout: return .timedOut
    case .over, .tick: return last.allSatisfy(\.hasSucceeded) ? .allSucceeded : .someFailed
    }
  }

  /// Shows progress until something ends the run, and returns what.
  private func watch(_ steps: AsyncStream<Step>, _ board: JobBoard) async -> Step {
    for await step in steps {
      switch step {
      case .tick:
        if board.takeChange() { display.show(board.jobs.map(JobSnapshot.init)) }
      case .over, .timeout, .signal: return step
      }
    }
    return .over
  }

  private func tell(_ jobs: [TrainingJob], _ client: KubeClient) async {
    var entries: [FinalReport.Entry] = []
    for job in jobs {
      var entry = FinalReport.Entry(job: job)
      if !job.hasSucceeded {
        let events = (try? await client.resource(Event.self, namespace: job.namespace).listAll().items) ?? []
        entry.events = events.filter { $0.involvedObject.uid == job.uid }.sorted {
          ($0.lastTimestamp?.secondsSince1970 ?? 0, $0.resourceVersion.count, $0.resourceVersion)
            < ($1.lastTimestamp?.secondsSince1970 ?? 0, $1.resourceVersion.count, $1.resourceVersion)
        }
      }
      entries.append(entry)
    }
    display.say([""] + report.render(entries))
  }
}

import Basics
import CommandLineKit
import FleetAPI
import KubeTypes
import Testing
import TrainingDefinition

@testable import LocalTraining

/// What is shown of jobs, as pure text.
struct ProgressTests {
  private static let running = JobSnapshot(
    name: "iris", state: "Running", percent: 40, epoch: 4, epochs: 10, loss: "0.312149", accuracy: "0.93333",
    workers: 1)

  @Test(arguments: [
    (running, "iris  Running  ########............  40%  epoch 4/10  loss 0.3121  accuracy 0.9333  1 worker"),
    (JobSnapshot(name: "a", state: "Created"), "a  Created  ....................   0%"),
    (
      JobSnapshot(name: "a", state: "Queued", message: "waiting for an idle worker"),
      "a  Queued  ....................   0%  waiting for an idle worker"
    ),
    (
      JobSnapshot(name: "a", state: "Completed", outcome: .succeeded, percent: 100, epoch: 16, restarts: 2),
      "a  Completed  #################### 100%  epoch 16  2 restarts"
    ),
    (
      JobSnapshot(name: "a", state: "Failed", outcome: .failed, message: "no column\n\"x\""),
      "a  Failed  ....................   0%  no column \"x\""
    ),
  ])
  func aJobIsOneLine(job: JobSnapshot, line: String) {
    #expect(ProgressLines(style: TextStyle(usesUnicode: false), width: 200).render([job]) == [line])
  }

  @Test func columnsAreAligned() {
    let jobs = [JobSnapshot(name: "a", state: "Queued"), JobSnapshot(name: "longer", state: "Completed", percent: 100)]
    let lines = ProgressLines(style: TextStyle(), width: 80).render(jobs)
    #expect(
      lines == ["a       Queued     ░░░░░░░░░░░░░░░░░░░░   0%", "longer  Completed  ████████████████████ 100%"])
  }

  @Test(arguments: [20, 40, 60, 80])
  func noLineIsWiderThanTheTerminal(width: Int) {
    var job = Self.running
    job.name = String(repeating: "n", count: 50)
    job.message = String(repeating: "why ", count: 50)
    for line in ProgressLines(style: TextStyle(), width: width).render([job]) { #expect(line.count <= width) }
  }

  @Test func coloursAddNothingVisible() {
    let plain = ProgressLines(style: TextStyle(), width: 120).render([Self.running])
    let painted = ProgressLines(style: TextStyle(usesColour: true), width: 120).render([Self.running])
    #expect(painted != plain)
    #expect(painted.map { $0.replacing(/\u{1b}\[[0-9]+m/, with: "") } == plain)
  }

  @Test func moreJobsThanLinesAreSummedUp() {
    let jobs = [
      JobSnapshot(name: "a", state: "Completed", outcome: .succeeded, percent: 100),
      JobSnapshot(name: "b", state: "Failed", outcome: .failed), JobSnapshot(name: "c", state: "Running"),
      JobSnapshot(name: "d", state: "Queued"),
    ]
    let lines = ProgressLines(style: TextStyle(), width: 80).render(jobs, maxLines: 3)
    #expect(lines.count == 3)
    #expect(lines.first?.hasPrefix("c ") == true)
    #expect(lines.last == "and 2 more; of all 4: 1 completed, 1 failed")
  }

  @Test(arguments: [
    ("0.93333", 4, "0.9333"), ("0.99996", 4, "1.0000"), ("-0.00001", 4, "0.0000"), ("-1.5", 1, "-1.5"),
    ("12", 2, "12.00"),
    ("2.5", 0, "3"), ("n/a", 2, "n/a"), ("nan", 2, "nan"), ("1e300", 2, "1e300"),
  ])
  func numbersAreRounded(text: String, digits: Int, expected: String) {
    #expect(text.rounded(digits: digits) == expected)
  }

  @Test func plainLinesComeWithNewStatesAndTenths() {
    var progress = PlainProgress()
    var said: [String] = []
    for percent in [0, 1, 9, 10, 11, 25, 29, 100] {
      said += progress.lines([JobSnapshot(name: "a", state: percent == 100 ? "Completed" : "Running", percent: percent)]
      )
    }
    #expect(said == ["a  Running  0%", "a  Running  10%", "a  Running  25%", "a  Completed  100%"])
  }

  @Test func aLiveDisplayDrawsOverWhatItShowed() {
    let written = Lines()
    let display = Display(
      mode: .live, style: TextStyle(usesUnicode: false), size: { (40, 10) }, write: { written.append($0) })
    let one = JobSnapshot(name: "a", state: "Running", percent: 50)
    display.show([one, one])
    display.show([one, one])
    display.show([one])
    let line = "a  Running  ##########..........  50%"
    #expect(
      written.all == [
        "\r\u{1b}[2K\(line)\n\r\u{1b}[2K\(line)\n", "\u{1b}[2A\r\u{1b}[2K\(line)\n\u{1b}[J",
      ])
  }

  private func job(_ name: String, _ status: (inout TrainingJobStatus) -> Void) -> TrainingJob {
    let training = TrainingSpec(algorithm: .mlp, dataset: DatasetSpec(uri: "builtin://digits"))
    var job = TrainingJob(
      metadata: ObjectMeta(name: name, namespace: "default"),
      spec: TrainingJobSpec(workerPoolName: "p", training: training), status: TrainingJobStatus())
    if var current = job.status {
      status(&current)
      job.status = current
    }
    return job
  }

  private func summary(_ status: ConditionStatus, _ reason: String, _ message: String = "") -> Condition {
    Condition(
      type: JobCondition.succeeded, status: status, reason: reason, message: message,
      lastTransitionTime: Timestamp(secondsSince1970: 0))
  }

  @Test func theReportHasMetricsModelsAndReasons() {
    let good = job("good") {
      $0.conditions = [summary(.true, "Completed")]
      $0.metrics = [
        Metric(name: "accuracy", value: "0.96667"), Metric(name: "f1_score", value: "0.9661"),
        Metric(name: "test_loss", value: "0.1"), Metric(name: "training_time", value: "1.234"),
      ]
      $0.model = ModelReference(
        name: "good", version: "v1", displayName: "MLP_96.7%_Nov21", uri: "file:///models/good/v1/m")
    }
    let bad = job("bad") { $0.conditions = [summary(.false, "Failed", "there is no column \"x\"")] }
    var event = Event(metadata: ObjectMeta(name: "e"), involvedObject: ObjectReference())
    event.type = "Warning"
    event.reason = "TaskFailed"
    event.message = "attempt 0 failed"
    event.count = 3
    let lines = FinalReport().render([.init(job: good), .init(job: bad, events: [event])])
    #expect(
      lines == [
        "JOB    STATUS      ACCURACY   F1       LOSS     TRAINING TIME   MODEL",
        "good   Completed   0.9667     0.9661   0.1000   1.23 s          MLP_96.7%_Nov21",
        "bad    Failed      -          -        -        -               -", "", "model of good: /models/good/v1/m", "",
        "bad (Failed): there is no column \"x\"", "  Warning  TaskFailed  attempt 0 failed (3 times)",
      ])
  }
}

/// Collects what is written.
private final class Lines {
  private(set) var all: [String] = []
  func append(_ text: String) { all.append(text) }
}

import Basics
import Foundation
import TestSupport
import Testing

@testable import WorkerAgent

/// What a training tells faster than it is taken.
struct EventBacklogTests {
  private func progress(_ epoch: Int, step: Int = 0) -> EngineProgress {
    var progress = EngineProgress()
    progress.epoch = epoch
    progress.step = step
    return progress
  }

  private func names(_ backlog: EventBacklog) -> [String] {
    backlog.waiting.map { event in
      switch event {
      case .firstStep: "first"
      case .progress(let progress): "progress \(progress.epoch)"
      case .epoch(let progress): "epoch \(progress.epoch)"
      case .sample(let progress): "sample \(progress.step)"
      case .checkpoint(let progress, _): "checkpoint \(progress.epoch)"
      case .checkpointRefused: "refused"
      case .settledIn: "settled"
      case .unsent: "unsent"
      case .ended: "ended"
      }
    }
  }

  @Test func onlyTheNewestCheckpointWaitsAndFollowsItsEpoch() {
    var backlog = EventBacklog()
    for epoch in 1...3 {
      backlog.add(.epoch(progress(epoch)))
      backlog.add(.checkpoint(progress(epoch), Data(count: 10)))
      backlog.add(.progress(progress(epoch)))
    }
    backlog.add(.ended(.stopped(.shutdown, progress(3))))
    #expect(names(backlog) == ["epoch 1", "epoch 2", "epoch 3", "checkpoint 3", "progress 3", "ended"])
    #expect(backlog.takeAll().count == 6)
    #expect(backlog.waiting.isEmpty)
  }

  @Test func itIsBoundedAndThinsSingleStepsBeforeEpochs() {
    var backlog = EventBacklog()
    for step in 1...10_000 { backlog.add(.sample(progress(0, step: step))) }
    #expect(backlog.waiting.count == EventBacklog.samples)
    #expect(names(backlog).last == "sample 10000")
    for epoch in 1...20_000 { backlog.add(.epoch(progress(epoch))) }
    let epochs = names(backlog).filter { $0.hasPrefix("epoch") }
    #expect(epochs.count <= EventBacklog.epochs && epochs.count >= EventBacklog.epochs / 2)
    #expect(epochs.last == "epoch 20000", "the last point is never thinned")
    #expect(names(backlog).count { $0.hasPrefix("sample") } == EventBacklog.samples)
  }

  @Test func everythingToldIsTakenInItsOrder() async {
    let events = TrainingEvents()
    let telling = Task {
      for epoch in 1...500 {
        events.tell(.epoch(progress(epoch)))
        if epoch.isMultiple(of: 50) { await Task.yield() }
      }
      events.tell(.ended(.stopped(.shutdown, progress(500))))
    }
    var seen: [Int] = []
    while let event = await events.next() {
      if case .epoch(let progress) = event { seen.append(progress.epoch) }
      if case .ended = event { break }
    }
    await telling.value
    #expect(seen == Array(1...500))
  }
}

import ArgumentParser
import CommandLineKit
import Foundation
import Testing
import TrainingDefinition

@testable import Learning
@testable import LearningCLI

@Suite struct CommandTests {
  @Test func helpTextsHaveExamplesAndEveryAlgorithm() {
    for command in LearningCommands.all {
      let help = command.helpMessage(columns: 120)
      #expect(help.contains("EXAMPLES"), "\(command)")
    }
    let train = TrainCommand.helpMessage(columns: 1000)
    for algorithm in Algorithm.allCases {
      #expect(train.contains(algorithm.rawValue))
      for spec in algorithm.hyperparameters { #expect(train.contains("\(spec.name)=\(spec.defaultValue)")) }
    }
  }

  @Test func assignmentsAreNamesAndValues() throws {
    #expect(try Assignment.hyperparameters(["a=1", "b=x=y", "c="]) == ["a": "1", "b": "x=y", "c": ""])
    for wrong in [["a"], ["=1"], ["a=1", "a=2"]] {
      let error = #expect(throws: CommandFailure.self) { try Assignment.hyperparameters(wrong) }
      #expect(error?.exitCode == 2)
    }
  }

  @Test func layersAreWrittenInOneWordOrInAFile() throws {
    let layers = try LayerList.read([
      "conv2d,filters=8,kernel=2,activation=relu", "maxPool2d,size=3", "flatten", "dropout,rate=0.25",
      "dense,units=64", "lstm,units=2",
    ])
    let expected = [
      LayerRequest(type: "conv2d", filters: 8, kernel: 2, activation: "relu"), LayerRequest(type: "maxPool2d", size: 3),
      LayerRequest(type: "flatten"), LayerRequest(type: "dropout", rate: 0.25), LayerRequest(type: "dense", units: 64),
      LayerRequest(type: "lstm", units: 2),
    ]
    #expect(layers == expected)
    for wrong in ["dense,units", "dense,units=x", "dense,width=3", "dense,units=1.5", "dense,,"] {
      let error = #expect(throws: CommandFailure.self) { try LayerList.read([wrong]) }
      #expect(error?.exitCode == 2)
    }
    try Workbench.withDirectory { directory in
      let path = directory + "/layers.json"
      try JSONEncoder().encode(expected).write(to: URL(filePath: path))
      #expect(try LayerList.read([path]) == expected)
      try Data("{}".utf8).write(to: URL(filePath: path))
      let error = #expect(throws: CommandFailure.self) { try LayerList.read([path]) }
      #expect(error?.message.contains(path) == true)
    }
  }

  @Test func messagesSpeakOfFlags() {
    let missing = CommandFailure(.missingValue(column: "c", line: 3)).message
    #expect(missing.contains("--missing-values") && !missing.contains("missingValues"))
    let unseen = CommandFailure(.unseenClass(label: "l", rows: 1)).message
    #expect(unseen.contains("--stratified") && unseen.contains("--test-fraction"))
    let warning = CommandFailure.inFlags(DatasetWarning(reason: .identifierColumn, column: "Id").message)
    #expect(warning.contains("--drop") && !warning.contains("dropColumns"))
  }

  @Test func theCommandToGoOnWithCanBePasted() {
    let arguments = [
      "tensorfleet", "train", "-d", "builtin://digits?count=40", "--set", "a=1", "--target", "it's it", "",
    ]
    #expect(
      ResumeHint.command(arguments)
        == "tensorfleet train -d 'builtin://digits?count=40' --set a=1 --target 'it'\\''s it' '' --resume")
    #expect(ResumeHint.command(["t", "train", "--resume"]) == "t train --resume")
  }

  @Test(arguments: [
    ("MLP", "mnist/", "MLP-mnist"), ("DNN", "/a/b.c/songs.v2.csv", "DNN-songs"),
    ("CNN", "builtin://digits?count=9", "CNN-digits"), ("SVM", "https://x.org/a/b.csv?q=/c#sha256=0", "SVM-b"),
    ("SVM", "train-images-idx3-ubyte.gz", "SVM-train-images-idx3-ubyte"),
  ]) func modelsAreKeptUnderWhatTheyAre(algorithm: String, data: String, directory: String) {
    #expect(TrainCommand.directory(algorithm: algorithm, data: data) == directory)
  }

  @Test func modelsAreExportedBesideThemselves() {
    #expect(ExportCommand.path(beside: "a/model.safetensors") == "a/model.onnx")
    #expect(ExportCommand.path(beside: "a/model") == "a/model.onnx")
  }

  @Test func failuresNameFlagsAndSayWhoseFaultTheyAre() {
    let cases: [(LearningError, Int32, String)] = [
      (.invalidRequest(field: "batchSize", value: "0", expected: "from 1"), 2, "--batch-size is \"0\""),
      (.invalidRequest(field: "dataset.testFraction", value: "2", expected: "x"), 2, "--test-fraction"),
      (.targetColumnMissing(name: "", columns: ["a", "b"]), 2, "--target is missing; the columns are a, b"),
      (.fileUnreadable(path: "/x", detail: "d", retryable: false), 2, "/x"),
      (.fileUnreadable(path: "/x", detail: "d", retryable: true), 1, "/x"),
      (.lossDiverged(epoch: 1, step: 2), 1, "loss"),
      (.badModel(detail: "d"), 2, "model"),
      (.invalidRequest(field: "layers[1].units", value: "0", expected: "x"), 2, "--layers[1].units"),
    ]
    for (error, code, text) in cases {
      let failure = CommandFailure(error)
      #expect(failure.exitCode == code, "\(error)")
      #expect(failure.message.contains(text), "\(failure.message)")
    }
  }
}

@Suite struct ProgressLineTests {
  private func state(
    _ phase: ProgressLine.Phase = .training, fraction: Double = 0.42, counts: Bool = true, remaining: Double? = nil
  ) -> ProgressLine.State {
    ProgressLine.State(
      name: "DNN", phase: phase,
      progress: TrainingProgress(
        epoch: 4, epochs: 10, step: 2, stepsPerEpoch: 10, totalSteps: 42, loss: 0.12345, accuracy: 0.9, testLoss: nil,
        testAccuracy: 0.875, fraction: fraction),
      unit: ProgressUnit(algorithm: counts ? "DNN" : "LogisticRegression"), remaining: remaining)
  }

  @Test func aLineSaysWhatARunSays() {
    #expect(
      ProgressLine().live(state(remaining: 75), width: 200)
        == "DNN  Training  ████████░░░░░░░░░░░░  42%  epoch 4/10  loss 0.1235  accuracy 0.9000  test accuracy 0.8750  "
        + "1m15s left")
    #expect(
      ProgressLine.plain(state(.completed, fraction: 1, counts: false))
        == "DNN  Completed  100%  iteration 4  loss 0.1235  accuracy 0.9000  test accuracy 0.8750")
  }

  @Test func noLineIsWiderThanTheTerminal() {
    for width in 1...150 {
      for style in [TextStyle(), TextStyle(usesUnicode: false)] {
        #expect(ProgressLine(style: style).live(state(), width: width).count <= width)
      }
    }
  }

  @Test func coloursTakeNoRoom() {
    let painted = ProgressLine(style: TextStyle(usesColour: true)).live(state(), width: 60)
    #expect(painted.contains("\u{1b}[33m"))
    let bare = painted.replacing(/\u{1b}\[[0-9]+m/, with: "")
    #expect(bare == ProgressLine().live(state(), width: 60))
  }

  @Test func aTerminalsLineIsDrawnOverAndEndedOnce() {
    var written: [String] = []
    let display = ProgressDisplay(mode: .live, style: TextStyle(), columns: { 100 }) { written.append($0) }
    for fraction in [0.1, 0.1, 0.2] { display.show(state(fraction: fraction)) }
    display.show(state(.completed, fraction: 1))
    #expect(written.count == 3)
    #expect(written.allSatisfy { $0.hasPrefix("\r\u{1b}[2K") })
    #expect(written.map { $0.hasSuffix("\n") } == [false, false, true])
  }

  @Test(arguments: [
    (0.314, "0.31 s", "1 s"), (12.34, "12.3 s", "13 s"), (60, "1m00s", "1m00s"), (3725, "1h02m", "1h02m"),
  ]) func durationsAreShort(seconds: Double, text: String, whole: String) {
    #expect(Figures.duration(seconds) == text)
    #expect(Figures.wholeDuration(seconds) == whole)
  }
}

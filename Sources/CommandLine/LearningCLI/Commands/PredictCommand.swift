import ArgumentParser
import CommandLineKit
import Fetching
import Foundation
import Learning

/// `tensorfleet predict`.
package struct PredictCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Asks a trained model about new rows.",
    discussion: """
      Prints CSV: `label`, and for each class a column `probability_<class>`; one line a
      row, in the order of the data. With --json one JSON object a line:
      {"label":…,"probabilities":{<class>:…}}.

      Columns are found by their names; others are ignored, and a cell that is empty is
      treated as training treated it. Where the column that was learned is in the data
      too, standard error says how good the predictions are.

      EXIT CODES
        0   predicted
        1   the data could not be read now, but may be later
        2   the model or the data is at fault; standard error says what is right
        64  an option is wrong

      EXAMPLES
        tensorfleet predict iris/model.safetensors flowers.csv
        tensorfleet predict model.safetensors t10k-images-idx3-ubyte.gz -o digits.csv
        tensorfleet predict model.safetensors songs.csv --json | head -3
      """)

  @Argument(help: "A model.safetensors.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(help: "A CSV file, or the images of an IDX file; https://… or s3://… too.", completion: .file())
  var data: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp("The column with the true labels. Default: the one that was learned.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("csv or idx, where the name does not tell.", valueName: "format"))
  var format: String?

  @Flag(help: "The CSV file has no line of column names, as the one that was learned from had none.")
  var noHeader = false

  @Flag(help: "Print JSON lines instead of CSV.")
  var json = false

  package init() {}

  package func run() async throws {
    try await CommandFailure.guarding {
      let trained = try ModelReader.read(model)
      let copy =
        SourceOptions.isRemote(data)
        ? try await RemoteData.fetch(data, environment: ProcessInfo.processInfo.environment) : nil
      let rows = try RowsToPredict.read(
        copy?.path ?? data, format: format, header: !noHeader, for: trained.description.preprocessing, target: target)
      let predictor = try Predictor(trained)
      let predictions = try rows.predicted(by: predictor)
      let writer = PredictionWriter(classes: predictor.classes, format: json ? .jsonLines : .csv)
      if let output {
        try AtomicFile.write(Data(writer.text(predictions[...], isFirst: true).utf8), to: output)
      } else {
        writer.write(predictions) { Terminal.standardOutput.write($0) }
      }
      if let truth = rows.truth {
        for line in Agreement(predictions, truth: truth, classes: predictor.classes).lines { Terminal.complain(line) }
      }
    }
  }
}

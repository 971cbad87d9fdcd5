import ArgumentParser
import CommandLineKit

/// `tensorfleet runs`.
package struct RunsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Shows what was trained: runs, their metrics and their learning curves.",
    discussion: """
      A run is named by its id (the job's UID), by the first characters of that, or by its job: \
      iris or default/iris is the newest run of that job.

      EXAMPLES
        \(Invocation.name) runs list --state Failed --since 24h
        \(Invocation.name) runs show iris
        \(Invocation.name) runs plot iris --metric loss
      """,
    subcommands: [RunsListCommand.self, RunsShowCommand.self, RunsPlotCommand.self])

  package init() {}
}

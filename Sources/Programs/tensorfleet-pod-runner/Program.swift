import ArgumentParser
import PodRunnerCommands

@main
enum Program {
  static func main() async { await PodRunnerCommand.main() }
}

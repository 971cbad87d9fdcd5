import ArgumentParser
import WorkerCommands

@main
enum Program {
  static func main() async { await WorkerCommand.main() }
}

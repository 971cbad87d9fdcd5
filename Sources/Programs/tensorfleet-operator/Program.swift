import ArgumentParser
import OperatorCommands

@main
enum Program {
  static func main() async { await OperatorCommand.main() }
}

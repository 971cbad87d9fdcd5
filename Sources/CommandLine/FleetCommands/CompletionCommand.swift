import ArgumentParser
import CommandLineKit

/// `tensorfleet completion`.
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Prints the script that lets a shell complete commands, options and names.",
    discussion: """
      Names of models, data sets and runs are asked of the registry when Tab is pressed, for a \
      second at most. hack/install puts all of this in its place by itself.

      BASH (needs the package bash-completion)
        mkdir -p ~/.local/share/bash-completion/completions
        tensorfleet completion bash > ~/.local/share/bash-completion/completions/tensorfleet

      ZSH
        mkdir -p ~/.zfunc && tensorfleet completion zsh > ~/.zfunc/_tensorfleet
        then in ~/.zshrc, before compinit:  fpath=(~/.zfunc $fpath)

      FISH
        tensorfleet completion fish > ~/.config/fish/completions/tensorfleet.fish

      For this shell only: source <(tensorfleet completion bash)
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var known: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  /// bash takes an @ for the end of a word, as of user@host; here it stands within one: iris@v3.
  static func script(for shell: Shell) -> String {
    let script = TensorFleetCommand.completionScript(for: shell.known)
    return shell == .bash ? script + "\nCOMP_WORDBREAKS=${COMP_WORDBREAKS//@/}" : script
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    // kubectl's plugins are completed through kubectl, by a program that asks this very script.
    Invocation.$override.withValue("tensorfleet") {
      Terminal.standardOutput.write(Self.script(for: shell) + "\n")
    }
  }
}

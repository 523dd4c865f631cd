// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Foundation

/// Parses, runs, and turns errors into a message and an exit status.
@main
enum Main {
  static func main() {
    Interruption.install()
    do {
      var command = try Shunt.parseAsRoot()
      try command.run()
      Scratch.removeAll()
    } catch {
      finish(with: error)
    }
  }

  private static func finish(with error: any Error) -> Never {
    Console.endProgress()
    Scratch.removeAll()
    if let code = error as? ExitCode { exit(code.rawValue) }
    if let status = ExitStatus(failure: error) {
      Console.message("error: \(error)")
      exit(status.rawValue)
    }
    // ArgumentParser's own: help and version go to standard output, usage errors are ours to number.
    if Shunt.exitCode(for: error) == .success {
      print(Shunt.fullMessage(for: error))
      exit(ExitStatus.done.rawValue)
    }
    Console.message(Shunt.fullMessage(for: error))
    exit(ExitStatus.badInput.rawValue)
  }
}

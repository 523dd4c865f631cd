// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser

/// The command.
struct Shunt: ParsableCommand {
  /// The tool's version, recorded in blobs and runs.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "shunt",
    abstract: "Put a neural network on a microcontroller and know what each inference costs.",
    discussion: """
      Every figure says where it comes from: measured (an instrument, or a real board's timer), \
      counted (instructions under emulation) or modelled (a cost model, with its error).

      Exit status: 0 done; 1 a check that was asked for does not hold; 2 bad input or usage; \
      3 device or link failure; 130 interrupted.
      """,
    version: version,
    subcommands: [
      Inspect.self, Check.self, Operators.self, Compile.self, Run.self, Verify.self, Boards.self,
      Flash.self, Bench.self, Profile.self, Runs.self, Compare.self, Report.self, Export.self,
      Energy.self,
      Doctor.self,
    ])
}

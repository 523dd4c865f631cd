// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser

/// The command.
@main
struct Shunt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shunt",
    abstract: "Put a neural network on a microcontroller and know what each inference costs.")
}

// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import OperatorSupport

/// `shunt operators`
struct Operators: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the operators that Shunt runs, with element types, kernels and limits.")

  @OptionGroup var output: OutputOptions

  func run() throws {
    if output.json { return try Console.json(OperatorCatalog.current.entries) }
    print(OperatorCatalog.current.text)
  }
}

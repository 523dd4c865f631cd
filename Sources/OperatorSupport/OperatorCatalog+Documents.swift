// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph
internal import TextTables

extension OperatorCatalog {
  /// A table for terminals.
  public var text: String {
    var table = TextTable([
      ("operator", .left), ("types", .left), ("runs as", .left), ("limits and notes", .left),
    ])
    for entry in entries {
      table.add(
        entry.name, entry.types, Self.words(entry.runsAs), entry.notes.joined(separator: "; "))
    }
    return table.text
  }

  /// `Docs/operators.md`.
  public var markdown: String {
    let sets = KernelSet.allCases.map { "`\($0.rawValue)`" }
    let rows = entries.map { entry in
      let kernels = entry.kernels.map { "`\($0.rawValue)`" }.joined(separator: " ")
      return "| \(entry.name) | \(entry.types) | \(Self.words(entry.runsAs)) | \(kernels) | "
        + "\(entry.notes.joined(separator: "; ")) |"
    }
    return """
      <!-- SPDX-License-Identifier: Apache-2.0 -->
      <!-- Written by `swift run operators-tool`; edit the tables in the code, not this file. -->

      # Operators

      \(entries.count) operators of TensorFlow Lite, bit for bit as TensorFlow Lite Micro's reference kernels \
      compute them; `shunt operators` prints this list, and `shunt check MODEL --board BOARD` tells what of \
      a model is not in it, with a substitute. Element types, kernels and what becomes of an operator are those of \
      the models in `Tests/Vectors/operators`, whose outputs are compared. Kernel sets: \
      \(sets.joined(separator: ", ")).

      For all of them: at most \(BlobPacker.rankLimit) dimensions, shapes fixed when the model is exported, one scale \
      per activation, fused activations NONE, RELU, RELU6 and RELU_N1_TO_1, at most \
      \(BlobPacker.operandLimit) inputs or outputs; sizes, strides, dilations and paddings of windows at most \
      \(BlobPacker.windowLimit).

      | runs as | meaning |
      |---|---|
      | kernel | a step on the board |
      | view | nothing runs: the output is the input's bytes |
      | host | the host runs it in float32, in front of the first integers or behind the last; behind it: \
      \(Self.hostFunctions) |
      | merged | another operator's step does its work: padding in a convolution, state kept as a ring |
      | import | gone when the model has been read: nothing at run time depends on it |

      | operator | element types | runs as | kernels | limits and notes |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private static func words(_ ways: [OperatorRealization.Way]) -> String {
    ways.map { way in
      switch way {
      case .step: "kernel"
      case .view: "view"
      case .host: "host"
      case .merged: "merged"
      case .resolved: "import"
      }
    }.joined(separator: ", ")
  }

  private static var hostFunctions: String {
    HostFunction.allCases.map(\.rawValue).joined(separator: ", ")
  }
}

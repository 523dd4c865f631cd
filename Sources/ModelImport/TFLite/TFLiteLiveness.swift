// SPDX-License-Identifier: Apache-2.0

/// Which operators of a file have an effect: the results of the others reach no output.
///
/// Converters leave arithmetic on shapes behind (SHAPE, STRIDED_SLICE, PACK, …) whose results only
/// feed operands that Shunt does not need, because shapes are fixed. It need not be supported.
enum TFLiteLiveness {
  /// Positions of the operators on which an output depends, or which have no output: those change
  /// variables.
  static func liveOperators(
    _ entries: [TFLiteParser.OperatorEntry], outputs: [Int]
  ) -> Set<Int> {
    var neededTensors = Set(outputs)
    var live = Set<Int>()
    for (index, entry) in entries.enumerated().reversed()
    where entry.outputs.isEmpty || entry.outputs.contains(where: neededTensors.contains) {
      live.insert(index)
      let operands = TFLiteOperators.entry(of: entry.code)?.operands
      for position in operands ?? Array(entry.inputs.indices)
      where entry.inputs.indices.contains(position) {
        neededTensors.insert(entry.inputs[position])
      }
    }
    return live
  }
}

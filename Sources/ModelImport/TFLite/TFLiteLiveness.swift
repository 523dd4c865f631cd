// SPDX-License-Identifier: Apache-2.0

/// Which operators of a file have an effect: the results of the others reach no output.
///
/// Converters leave arithmetic on shapes behind (SHAPE, STRIDED_SLICE, PACK, …) whose results only
/// feed operands that Shunt does not need, because shapes are fixed. It need not be supported.
enum TFLiteLiveness {
  /// Positions of the operators on which an output depends, or which have no output: those change
  /// variables. Operators with outputs that cannot exist stay, to be refused.
  static func liveOperators(
    _ entries: [TFLiteParser.OperatorEntry], outputs: [Int]
  ) -> Set<Int> {
    var neededTensors = Set(outputs)
    var live = Set<Int>()
    for (index, entry) in entries.enumerated().reversed()
    where entry.outputs.isEmpty
      || entry.outputs.contains(where: { $0 < 0 || neededTensors.contains($0) })
    {
      live.insert(index)
      let reader = TFLiteOperators.entry(of: entry.code)
      for position in reader?.operands ?? Array(entry.inputs.indices)
      where entry.inputs.indices.contains(position) {
        guard reader?.constantOperands.contains(position) != true else { continue }
        neededTensors.insert(entry.inputs[position])
      }
    }
    return live
  }
}

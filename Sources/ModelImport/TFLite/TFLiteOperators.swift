// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The builtin operators that can be read, by their number.
///
/// To add one: a function in the folder `Operators`, and a line here.
enum TFLiteOperators {
  /// Reads the attributes of one operator from its options and the tensors at its ends.
  typealias Reading = @Sendable (TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind

  /// How to read the operator with this number; `nil` if it is not supported.
  static func reading(of code: Int) -> Reading? { table[code]?.reading }

  /// The number of its options' table in the schema's union BuiltinOptions; `nil` if it has none that
  /// matter.
  static func optionsType(of code: Int) -> Int? { table[code]?.optionsType }

  /// The names of all supported operators, in the order of their numbers.
  static var supportedNames: [String] {
    table.keys.sorted().map(TFLiteBuiltinNames.name(of:))
  }

  private static let table: [Int: (optionsType: Int?, reading: Reading)] = [
    0: (11, TFLiteElementwise.add),
    1: (5, TFLitePooling.averagePool2D),
    3: (1, TFLiteConvolutions.conv2D),
    4: (2, TFLiteConvolutions.depthwiseConv2D),
    6: (nil, TFLiteQuantizing.dequantize),
    9: (8, TFLiteConvolutions.fullyConnected),
    17: (5, TFLitePooling.maxPool2D),
    22: (nil, TFLiteElementwise.reshape),
    25: (9, TFLiteElementwise.softmax),
    114: (nil, TFLiteQuantizing.quantize),
  ]
}

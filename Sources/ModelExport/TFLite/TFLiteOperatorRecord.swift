// SPDX-License-Identifier: Apache-2.0

/// One operator as a file lists it.
struct TFLiteOperatorRecord {
  /// The number of the builtin operator (enum BuiltinOperator).
  var code: Int
  /// Version of the operator's definition that first took such operands.
  var version: Int
  /// The number of the options' table (union BuiltinOptions) and the table; `nil` if it has none.
  var options: (type: UInt8, table: FlatTable)?
  /// Tensors that it reads, -1 where one is left out.
  var inputs: [Int]
  /// Tensors that it writes.
  var outputs: [Int]
  /// Tensors that tell quantizations between an operator's parts.
  var intermediates: [Int] = []

  init(
    _ code: Int, version: Int = 1, options: UInt8? = nil, _ fields: [Int: FlatValue] = [:],
    inputs: [Int], outputs: [Int]
  ) {
    self.code = code
    self.version = version
    self.options = options.map { ($0, FlatTable(fields)) }
    self.inputs = inputs
    self.outputs = outputs
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How users' arrays lie, which keep the layout of the model file, and how they lie on the board.
extension BlobDocument {
  /// From the user's elements of an input to the board's.
  ///
  /// - Returns: `nil` if METADATA contradicts itself or the input's shape.
  public func inputOrder(_ port: Int) -> ElementPositions? {
    let board = tensors[inputs[port].tensor].shape.dimensions
    let records = layoutRecords.filter { $0.isAtInput && $0.port == port }
    guard let first = records.first else { return ElementPositions(shape: board) }
    guard let shape = Self.operandShape(of: first),
      ElementPositions.elementCount(shape) == ElementPositions.elementCount(board)
    else { return nil }
    return Self.order(from: shape, records)
  }

  /// From the board's elements of an output to the user's, before what the host computes with them.
  ///
  /// - Returns: `nil` if METADATA contradicts itself or the output's shape.
  public func outputOrder(_ port: Int) -> ElementPositions? {
    let board = tensors[outputs[port].tensor].shape.dimensions
    let records = (metadata.hostOperators ?? []).filter { !$0.isAtInput && $0.port == port }
    return Self.order(from: board, records.prefix { $0.kind != "dequantize" })
  }

  /// What the host does to the dequantized elements of an output, in order.
  public func floatOperators(ofOutput port: Int) -> [BlobMetadata.HostOperator] {
    let records = (metadata.hostOperators ?? []).filter { !$0.isAtInput && $0.port == port }
    guard outputs[port].operation == .dequantize else { return [] }
    return Array(records.drop { $0.kind != "dequantize" }.filter { $0.kind != "dequantize" })
  }

  /// The shape of an input in the model file.
  public func modelShape(ofInput port: Int) -> [Int] {
    inputOrder(port)?.sourceShape ?? tensors[inputs[port].tensor].shape.dimensions
  }

  /// The shape of an output in the model file.
  public func modelShape(ofOutput port: Int) -> [Int] {
    let last = metadata.hostOperators?.last {
      !$0.isAtInput && $0.port == port && $0.shape != nil
    }
    return last?.shape ?? tensors[outputs[port].tensor].shape.dimensions
  }

  private var layoutRecords: [BlobMetadata.HostOperator] {
    (metadata.hostOperators ?? []).filter { $0.kind == "transpose" || $0.kind == "reshape" }
  }

  private static func order(
    from shape: [Int], _ records: some Sequence<BlobMetadata.HostOperator>
  ) -> ElementPositions? {
    var order = ElementPositions(shape: shape)
    for record in records where !order.apply(record) { return nil }
    return order
  }

  private static func operandShape(of record: BlobMetadata.HostOperator) -> [Int]? {
    guard let permutation = record.permutation else { return record.from }
    guard let shape = record.shape, permutation.sorted() == Array(shape.indices) else { return nil }
    var operand = shape
    for (axis, source) in permutation.enumerated() { operand[source] = shape[axis] }
    return operand
  }
}

extension ElementPositions {
  /// Does what a `reshape` or `transpose` says.
  ///
  /// - Returns: Whether it fits; other kinds do not.
  public mutating func apply(_ record: BlobMetadata.HostOperator) -> Bool {
    switch record.kind {
    case "reshape": record.shape.map { reshape(to: $0) } ?? false
    case "transpose":
      record.permutation.map { transpose(by: $0) } ?? false
        && (record.shape == nil || record.shape == shape)
    default: false
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Writes TensorFlow Lite models, which TensorFlow Lite Micro and LiteRT run.
///
/// Source: the published schema of TensorFlow Lite, version 3.
public enum TFLiteWriter {
  /// Offsets in a flatbuffer are 32-bit and signed in places.
  private static let byteLimit = Int(Int32.max)

  /// Writes a graph.
  ///
  /// Tensors and operators keep their order; constants that the format wants as tensors (axes,
  /// paddings, new shapes) are appended. The same graph gives the same bytes.
  ///
  /// - Parameter graph: A verified graph, float or quantized.
  /// - Returns: The contents of a `.tflite` file.
  /// - Throws: ``ModelExportError`` that names the operator or tensor.
  public static func model(from graph: Graph) throws(ModelExportError) -> [UInt8] {
    let constantBytes = graph.tensors.reduce(0) { $0 + ($1.constant?.count ?? 0) }
    guard constantBytes < byteLimit / 2 else {
      throw .tooLarge(byteCount: constantBytes, limit: byteLimit / 2)
    }
    return FlatBufferWriter.bytes(root: try rootTable(of: graph), identifier: "TFL3")
  }

  /// The root table of a graph, which need not be a legal one.
  package static func rootTable(of graph: Graph) throws(ModelExportError) -> FlatTable {
    var builder = TFLiteModelBuilder(graph)
    for index in graph.operators.indices { try builder.append(operatorAt: index) }
    return builder.model()
  }
}

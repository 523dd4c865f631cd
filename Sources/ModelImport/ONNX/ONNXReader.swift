// SPDX-License-Identifier: Apache-2.0
internal import Foundation
public import ModelGraph
internal import SwiftProtobuf

/// Reads ONNX models.
///
/// Source: the ONNX IR specification and operator schemas, operator sets 6 to 28.
public enum ONNXReader {
  /// Whether the bytes are those of an ONNX model: a protocol buffer with the fields of one. ONNX
  /// files have no identifier.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { ONNXWireCheck.isModel(bytes) }

  /// Reads a model.
  ///
  /// Every byte is taken as untrusted: wrong ones give an error, in bounded time and memory.
  /// Convolutions and pools become operators on images with channels last, between transposes; the
  /// interface keeps the model's layout. A batch that is not fixed becomes 1.
  ///
  /// - Parameters:
  ///   - bytes: The contents of an `.onnx` file.
  ///   - name: The graph's name, which stands for the file in messages too.
  ///   - folder: Where the files are that hold weights of large models; `nil` if there are none.
  /// - Returns: A verified graph, with the names that tensors have in the file. Operators on which no
  ///   output depends are left out; ``Operator/sourceIndices`` tells nodes' positions in the file.
  /// - Throws: ``ModelImportError``; if operators are not supported, one error names all of them.
  public static func graph(
    from bytes: [UInt8], name: String, folder: String? = nil
  ) throws(ModelImportError) -> Graph {
    try graph(from: bytes, file: name, name: name, folder: folder)
  }

  /// All operators that can be read, in alphabetical order.
  public static var supportedOperators: [SupportedOperator] { ONNXOperators.supported }

  /// What the file calls its operators, by their position in it.
  ///
  /// - Throws: ``ModelImportError`` if the file is damaged. Operators need not be supported.
  public static func operatorNames(
    in bytes: [UInt8], name: String
  ) throws(ModelImportError) -> [String] {
    try ONNXParser(try model(from: bytes, file: name), file: name, folder: nil).operatorNames
  }

  static func graph(
    from bytes: [UInt8], file: String, name: String, folder: String?
  ) throws(ModelImportError) -> Graph {
    let model = try model(from: bytes, file: file)
    var parser = try ONNXParser(model, file: file, folder: folder)
    var graph = try parser.graph(named: name)
    do throws(ModelGraphError) {
      try graph.verify()
      if graph.operators.contains(where: { $0.kind == .dequantize }) {
        try graph.apply(Self.quantizedNetworkPasses)
      }
    } catch {
      throw .illegalGraph(file: file, error)
    }
    return graph
  }

  /// What makes integer operators of a network that is quantized. In front of that, functions and
  /// batch normalizations between its conversions become one operator each, since nothing states the
  /// scales inside of them.
  private static let quantizedNetworkPasses: [any GraphPass] = [
    IdentityRemoval(), TransposeElimination(), FunctionRecognition(), AffineMerging(),
    AffineAsConvolution(), QuantizedOperatorFormation(),
  ]

  private static func model(
    from bytes: [UInt8], file: String
  ) throws(ModelImportError) -> ONNXModel {
    guard bytes.count <= ModelReader.byteLimit else {
      throw .tooLarge(file: file, byteCount: bytes.count, limit: ModelReader.byteLimit)
    }
    do throws(ONNXProblem) {
      guard !bytes.isEmpty else { throw .damaged("it is empty") }
      try ONNXWireCheck.check(bytes)
    } catch {
      if case .damaged(let reason) = error {
        guard ONNXWireCheck.beginsLikeModel(bytes) else {
          throw .malformed(
            file: file, place: "beginning",
            reason: bytes.isEmpty ? "it is empty" : "it is no ONNX model")
        }
        throw .malformed(file: file, place: "protocol buffer", reason: reason)
      }
    }
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      return try ONNXModel(serializedBytes: bytes, options: options)
    } catch {
      throw .malformed(
        file: file, place: "protocol buffer", reason: "it cannot be decoded (\(error))")
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Reads TensorFlow Lite models.
///
/// Source: the published schema of TensorFlow Lite, version 3.
public enum TFLiteReader {
  /// Whether the bytes carry the identifier of TensorFlow Lite models.
  public static func recognizes(_ bytes: [UInt8]) -> Bool {
    FlatBuffer(bytes).identifier == "TFL3"
  }

  /// Reads a model.
  ///
  /// Of several subgraphs the first is the model. Every byte is taken as untrusted: wrong ones give
  /// an error, in time and memory proportional to their number.
  ///
  /// - Parameters:
  ///   - bytes: The contents of a `.tflite` file.
  ///   - name: The graph's name, which stands for the file in messages too.
  /// - Returns: A verified graph, whose tensors have the indices that they have in the file; float
  ///   copies of weights that are stored smaller follow them. Operators on which no output depends are
  ///   left out; ``Operator/sourceIndices`` tells positions in the file.
  /// - Throws: ``ModelImportError``; if operators are not supported, one error names all of them.
  public static func graph(
    from bytes: [UInt8], name: String
  ) throws(ModelImportError) -> Graph {
    try graph(from: bytes, file: name, name: name)
  }

  /// All operators that can be read, in alphabetical order.
  public static var supportedOperators: [SupportedOperator] { TFLiteOperators.supported }

  /// What the file calls its operators, by their position in it.
  ///
  /// - Throws: ``ModelImportError`` if the file is damaged. Operators need not be supported.
  public static func operatorNames(
    in bytes: [UInt8], name: String
  ) throws(ModelImportError) -> [String] {
    var parser = TFLiteParser(buffer: FlatBuffer(bytes), file: name)
    return try parser.operatorNames()
  }

  static func graph(
    from bytes: [UInt8], file: String, name: String
  ) throws(ModelImportError) -> Graph {
    guard bytes.count <= ModelReader.byteLimit else {
      throw .tooLarge(file: file, byteCount: bytes.count, limit: ModelReader.byteLimit)
    }
    var parser = TFLiteParser(buffer: FlatBuffer(bytes), file: file)
    let graph = try parser.graph(named: name)
    do throws(ModelGraphError) {
      try graph.verify()
    } catch {
      throw .illegalGraph(file: file, error)
    }
    return graph
  }
}

// SPDX-License-Identifier: Apache-2.0
public import ModelGraph
internal import TensorFiles

/// Reads model files of any supported format.
public enum ModelReader {
  /// The most bytes that a model file may have: 256 MiB.
  public static let byteLimit = 1 << 28

  /// Reads a model file; its content, then its name's extension, tell the format.
  ///
  /// - Parameter path: The file. The graph is named after it, without folders and extension.
  /// - Returns: A verified graph. Operators on which no output depends are left out;
  ///   ``Operator/sourceIndices`` tells positions in the file.
  /// - Throws: ``ModelImportError``, with the path in every message.
  public static func readGraph(contentsOf path: String) throws(ModelImportError) -> Graph {
    try readGraph(try read(path), path: path)
  }

  /// Reads a model from the bytes of its file.
  ///
  /// - Parameter path: Where the file is: for its name, for messages, and for files that belong to it.
  /// - Throws: ``ModelImportError``, with the path in every message.
  public static func readGraph(
    _ bytes: [UInt8], path: String
  ) throws(ModelImportError) -> Graph {
    if TFLiteReader.recognizes(bytes) {
      return try TFLiteReader.graph(from: bytes, file: path, name: stem(of: path))
    }
    if isNamedONNX(path) || ONNXReader.recognizes(bytes) {
      return try ONNXReader.graph(
        from: bytes, file: path, name: stem(of: path), folder: folder(of: path))
    }
    throw unsupported(bytes, path)
  }

  private static func isNamedONNX(_ path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

  private static func read(_ path: String) throws(ModelImportError) -> [UInt8] {
    do throws(TensorFilesError) {
      return try FileBytes.read(path, limit: byteLimit)
    } catch {
      switch error {
      case .tooLarge(_, let byteCount, let limit):
        throw .tooLarge(file: path, byteCount: byteCount, limit: limit)
      case .unreadable(_, let reason): throw .unreadable(file: path, reason: reason)
      default: throw .unreadable(file: path, reason: error.description)
      }
    }
  }

  /// Says what a file is that no reader recognizes.
  private static func unsupported(_ bytes: [UInt8], _ path: String) -> ModelImportError {
    let supported =
      "supported are .tflite models (TensorFlow Lite, schema 3) and .onnx models (ONNX)"
    if bytes.starts(with: Array("SHUNTBLB".utf8)) {
      return .unsupportedFormat(
        file: path, format: "it is a blob, which is packed for a target, not a model",
        remedy: "give the model from which it was compiled; \(supported)")
    }
    if path.lowercased().hasSuffix(".tflite") {
      return .malformed(
        file: path, place: "first 8 bytes", reason: "the identifier TFL3 is missing")
    }
    return .unsupportedFormat(
      file: path, format: "it is not a model in a format that can be read", remedy: supported)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last ?? "model"
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return String(file) }
    return String(file[..<dot])
  }
}

// SPDX-License-Identifier: Apache-2.0
package import ModelExport
public import ModelGraph

/// Writes graphs as `.tflite` files, for tests. The graph need not be a legal one.
///
/// Source: the published schema of TensorFlow Lite, version 3.
public struct TFLiteBuilder {
  /// The graph.
  public var graph: Graph
  /// Numbers of builtin operators to write instead of the right ones, by operator.
  public var codes: [Int: Int] = [:]
  /// Names of custom operators, by operator; their number is 32.
  public var customNames: [Int: String] = [:]
  /// Whether only the first, byte-sized field for an operator's number is filled, as old files do.
  public var usesDeprecatedCodesOnly = false

  /// Starts with a graph as it is.
  public init(_ graph: Graph) { self.graph = graph }

  /// The bytes of the file.
  public func bytes() -> [UInt8] { Self.bytes(of: model()) }

  /// The bytes of a file with this root table.
  package static func bytes(of model: FlatTable) -> [UInt8] {
    FlatBufferWriter.bytes(root: model, identifier: "TFL3")
  }

  /// The root table, for tests that change it before writing.
  package func model() -> FlatTable {
    var root = writtenModel()
    for index in graph.operators.indices {
      let isCustom = customNames[index] != nil
      guard let code = isCustom ? 32 : codes[index] else { continue }
      var table = FlatTable([
        0: .int8(min(code, 127)), 2: .int32(1), 3: .int32(code),
      ])
      if let name = customNames[index] { table[1] = .string(name) }
      root[tables: 2, 0][tables: 3, index][0] = .integer(UInt32(root[count: 1]))
      root.append(table, to: 1)
    }
    if usesDeprecatedCodesOnly {
      for index in 0..<root[count: 1] { root[tables: 1, index][3] = nil }
    }
    return root
  }

  private func writtenModel() -> FlatTable {
    do {
      return try TFLiteWriter.rootTable(of: graph)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

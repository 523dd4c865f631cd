// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// An input or output as the templates describe it; its properties are their variables.
struct ProjectPort {
  let index: Int
  /// Its name in the model, reduced to what may stand in a comment or a table.
  let label: String
  /// `int8_t`
  let type: String
  let elements: Int
  /// The shape in the runtime's buffer: `1x49x10x1`
  let shape: String
  /// Where elements lie otherwise than in the model file, what to do about it; `nil` where they do not.
  let layout: String?
  /// Whether integers stand for reals, in a type that the templates quantize to.
  let quantized: Bool
  /// The scale as a C literal.
  let scale: String
  let scaleText: String
  let zeroPoint: Int
  let zeroPointText: String
  /// Least and greatest integer of the type.
  let minimum, maximum: Int

  /// - Parameter side: The edge of the model at which the port is.
  init(
    _ port: BlobPort, index: Int, side: BlobMetadata.HostOperator.Side, of document: BlobDocument
  ) throws(ProjectExportError) {
    let tensor = document.tensors[port.tensor]
    self.index = index
    label = Self.printable(port.name)
    guard let type = Self.cType(of: tensor.elementType) else {
      throw .unsupportedType(port: label, type: tensor.elementType.rawValue)
    }
    self.type = type
    elements = tensor.bytes * 8 / tensor.elementType.bitWidth
    let dimensions = tensor.shape.dimensions
    shape = Self.text(dimensions)
    layout = Self.layout(ofPort: index, side, dimensions, document)
    let range = tensor.elementType.quantizedRange ?? 0...0
    quantized = tensor.scale > 0 && [.int8, .uint8, .int16].contains(tensor.elementType)
    scale = "\(tensor.scale)f"
    zeroPoint = tensor.zeroPoint
    scaleText = quantized ? "\(tensor.scale)" : "-"
    zeroPointText = quantized ? "\(tensor.zeroPoint)" : "-"
    minimum = range.lowerBound
    maximum = range.upperBound
  }

  private static func text(_ dimensions: [Int]) -> String {
    dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "x")
  }

  /// `1x3x32x32 in the model file, transposed by (0, 2, 3, 1)`
  private static func layout(
    ofPort index: Int, _ side: BlobMetadata.HostOperator.Side, _ board: [Int],
    _ document: BlobDocument
  ) -> String? {
    let permutations = (document.metadata.hostOperators ?? []).filter {
      $0.port == index && $0.isAtInput == (side == .input)
    }.compactMap(\.permutation)
    guard !permutations.isEmpty else { return nil }
    let steps = permutations.map { "(" + $0.map(String.init).joined(separator: ", ") + ")" }
      .joined(separator: ", then ")
    switch side {
    case .input:
      return
        "\(text(document.modelShape(ofInput: index))) in the model file, which becomes this when "
        + "transposed by \(steps)"
    case .output:
      return
        "\(text(document.modelShape(ofOutput: index))) in the model file, which this becomes when "
        + "transposed by \(steps)"
    }
  }

  private static func cType(of type: ElementType) -> String? {
    switch type {
    case .int8: "int8_t"
    case .uint8, .bool: "uint8_t"
    case .int16: "int16_t"
    case .int32: "int32_t"
    case .int64: "int64_t"
    case .float32: "float"
    case .int4, .float16: nil
    }
  }

  /// A name from somebody's file without anything that means something in C, CMake or Markdown.
  static func printable(_ name: String) -> String {
    let text = String(
      name.unicodeScalars.prefix(80).map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain || "_-.:/".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
      })
    // No comment in C ends or begins in a name.
    return text.isEmpty ? "unnamed" : text.replacing("//", with: "/_")
  }
}

// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Weights in types that only constants have, which are dequantized while the file is read.
@Suite struct ONNXNarrowTypeTests {
  /// The constant that a sample adds to its input, as reals.
  private func weights(_ name: String) throws -> [Float] {
    let bytes = try #require(ONNXSamples.all[name])
    let graph = try ONNXReader.graph(from: bytes, name: "net")
    let constants = graph.tensors.filter { $0.constant != nil }
    let tensor = try #require(constants.first)
    if let floats = tensor.floats { return floats }
    let quantization = try #require(tensor.quantization)
    let integers = try #require(tensor.constant).map { Int(Int8(bitPattern: $0)) }
    return integers.map { quantization.scale * Float($0 - quantization.zeroPoint) }
  }

  @Test("each block has its scale and zero point")
  func blocks() throws {
    #expect(try weights("blocks") == [-1, 0, 0, 2, 0.5, 1, 8, 44])
  }

  @Test("two bits with a sign")
  func twoBits() throws {
    #expect(try weights("int2") == [0, 0.5, -1, -0.5, -0.5, -1, 0.5, 0])
  }

  @Test("floats of eight bits")
  func eightBitFloats() throws {
    #expect(try weights("float8") == [0.5, -0.5, 1, 0, 0.25, 224, 1 / 1024, -1.5])
  }

  @Test("sixteen bits without a sign")
  func sixteenBits() throws {
    let values = try weights("uint16")
    #expect(zip(values, [-22.768, 32.767] as [Float]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("what training with quantization leaves: floats that the model itself quantizes to int4")
  func quantizedInTheModel() throws {
    #expect(
      try weights("weights quantized in the model") == [-4, -1, 0, 0, 0.75, 1, 1.75, 1.75])
  }

  @Test("activations of these types are refused by name")
  func refusesActivations() throws {
    var model = ONNXBuilder(version: 25)
    model.input("x", [2])
    model.initializer("s", .floats([1], []))
    model.initializer("z", ONNXTensor([], type: 21, raw: [1]))
    model.node("QuantizeLinear", ["x", "s", "z"], ["q"], name: "narrow")
    model.node("DequantizeLinear", ["q", "s", "z"], ["y"])
    model.output("y")
    let bytes = model.bytes
    let error = #expect(throws: ModelImportError.self) {
      try ONNXReader.graph(from: bytes, name: "net")
    }
    let text = try #require(error?.description)
    #expect(text.contains("narrow") && text.contains("quantizes activations to uint4"))
  }
}

// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import ModelGraph
import Testing

/// What becomes of the types at a graph's edges.
@Suite struct HostEdgesTests {
  private let twoRows: Shape = [2, 3]

  /// int8 → requantize → dequantize → the given float operators.
  private func tail(_ kinds: [OperatorKind], shapes: [Shape]) -> GraphSample {
    var sample = GraphSample()
    let x = sample.activation(twoRows)
    let y = sample.activation(twoRows, scale: 0.25)
    sample.apply(.quantize, [x], to: y)
    var last = sample.float(twoRows, name: "reals")
    sample.apply(.dequantize, [y], to: last)
    for (kind, shape) in zip(kinds, shapes) {
      let next = sample.float(shape, name: "\(kind.label)")
      sample.apply(kind, kind == .reshape ? [last, nil] : [last], to: next)
      last = next
    }
    sample.inputs = [x]
    sample.outputs = [last]
    return sample
  }

  @Test("float operators behind the last DEQUANTIZE are recorded in order, with their attributes")
  func recordsTail() throws {
    let graph = tail([.softmax(beta: 0.5), .reshape], shapes: [twoRows, [6]]).graph
    let document = try Blob.parse(try BlobPacker.pack(graph).bytes)
    #expect(
      document.metadata.hostOperators == [
        .init(kind: "dequantize", port: 0, sources: [1]),
        .init(kind: "softmax", port: 0, sources: [2], beta: 0.5),
        .init(kind: "reshape", port: 0, sources: [3], shape: [6]),
      ])
    #expect(document.outputs.map(\.externalType) == [.float32])
    let description = BlobDisassembly(document)
    #expect(description.outputs.map(\.shape) == [[6]])
    #expect(description.text().contains("output 0: softmax (operator 2)"))
  }

  @Test("each output has the operators on its own way")
  func branches() throws {
    var sample = tail([.logSoftmax], shapes: [twoRows])
    sample.outputs.insert(TensorID(2), at: 0)
    let document = try Blob.parse(try BlobPacker.pack(sample.graph).bytes)
    #expect(
      document.metadata.hostOperators?.map { "\($0.port) \($0.kind)" }
        == ["0 dequantize", "1 dequantize", "1 log_softmax"])
  }

  @Test("a float island inside a model is one clear error")
  func island() throws {
    var sample = tail([.softmax(beta: 1)], shapes: [twoRows])
    let back = sample.activation(twoRows)
    sample.apply(.quantize, [sample.outputs[0]], to: back, name: "again")
    sample.outputs = [back]
    let graph = sample.graph
    let error = #expect(throws: BlobFormatError.self) { try BlobPacker.pack(graph) }
    let message = try #require(error).description
    for part in ["quantize", "again", "'softmax'", "inside the model", "int8"] {
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test(
    "integers and truth values pass the edges as they are",
    arguments: [ElementType.int8, .uint8, .int16, .int32, .int64, .bool])
  func plainTypes(_ type: ElementType) throws {
    var sample = GraphSample()
    let x = sample.add(Tensor(name: "x", shape: [2, 3], elementType: type))
    let y = sample.add(Tensor(name: "y", shape: [6], elementType: type))
    sample.apply(.reshape, [x, nil], to: y)
    sample.inputs = [x]
    sample.outputs = [y]
    let document = try Blob.parse(try BlobPacker.pack(sample.graph).bytes)
    #expect(document.inputs.map(\.externalType) == [type])
    #expect(document.outputs.map(\.externalType) == [type])
    #expect(document.outputs.map(\.operation) == [.none])
  }

  @Test("a reshape before QUANTIZE needs nothing of the host but the conversion")
  func reshapedHead() throws {
    var sample = GraphSample()
    let x = sample.float([6], name: "x")
    let shaped = sample.float([2, 3], name: "shaped")
    sample.apply(.reshape, [x, nil], to: shaped)
    let q = sample.activation([2, 3])
    sample.apply(.quantize, [shaped], to: q)
    let y = sample.activation([2, 3], scale: 0.25)
    sample.apply(.quantize, [q], to: y)
    sample.inputs = [x]
    sample.outputs = [y]
    let document = try Blob.parse(try BlobPacker.pack(sample.graph).bytes)
    #expect(document.inputs.map(\.operation) == [.quantize])
    #expect(
      document.metadata.hostOperators == [.init(kind: "quantize", port: 0, sources: [0, 1])])
  }
}

// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import ModelGraph
import Testing

@Suite("inspection")
struct InspectionTests {
  private func document() throws -> BlobDocument {
    try Blob.parse(try BlobPacker.pack(GraphSample.residual).bytes)
  }

  private func json(_ value: some Encodable) throws -> [String: Any] {
    let data = try JSONEncoder().encode(value)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("the JSON of a blob has the keys that the command line promises")
  func blobJSON() throws {
    let object = try json(BlobDisassembly(try document()))
    for key in [
      "format_version", "kernel_set", "rounding", "graph_sha256", "arena_bytes", "blob_bytes",
      "weights_bytes", "operators", "inputs", "outputs", "crc32", "arena_map",
    ] {
      #expect(object[key] != nil, "\(key)")
    }
    #expect(object["format_version"] as? String == "1.0")
    let input = try #require((object["inputs"] as? [[String: Any]])?.first)
    #expect(input["shape"] as? [Int] == [1, 8, 8, 4])
    #expect(input["type"] as? String == "int8")
    #expect(input["scale"] as? Double == 0.5)
    #expect(input["zero_point"] as? Int == 0)
    let step = try #require((object["operators"] as? [[String: Any]])?.last)
    #expect(step["kind"] as? String == "softmax")
    #expect(step["kernel"] as? String == "softmax_s8_portable")
    #expect(step["output_shape"] as? [Int] == [1, 3])
    #expect(step["source_operators"] as? [Int] == [7])
    #expect(step["index"] as? Int == 6)
  }

  @Test("a disassembly survives its own JSON")
  func blobJSONRoundTrip() throws {
    let disassembly = BlobDisassembly(try document())
    let data = try JSONEncoder().encode(disassembly)
    #expect(try JSONDecoder().decode(BlobDisassembly.self, from: data) == disassembly)
  }

  @Test("the text names kernels, sizes and the CRC")
  func blobText() throws {
    let document = try document()
    let text = BlobDisassembly(document).text()
    for part in ["add_line_s8_portable", "1x8x8x8", "CRC-32", "1,152", "graph_sha256", "arena map"]
    {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
  }

  @Test(
    "the arena map keeps within its width and shows who has which bytes", arguments: [60, 80, 100])
  func arenaMapText(width: Int) throws {
    let map = ArenaMap(try document())
    let text = map.text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    // Every item that is alive somewhere appears in the grid or shares its cells with another.
    let grid = text.split(separator: "\n").filter { $0.contains("|") }.joined()
    for (index, item) in map.items.enumerated()
    where item.bytes >= 256 && !map.items.contains(where: { overlaps($0, item) }) {
      let symbol = Character(UnicodeScalar(UInt8(97 + index)))
      #expect(grid.contains(symbol), "\(item.name) in\n\(text)")
    }
  }

  /// Whether another item has some of an item's bytes during some of its steps: what is written over what
  /// is read.
  private func overlaps(_ other: ArenaMap.Item, _ item: ArenaMap.Item) -> Bool {
    other != item && other.offset < item.offset + item.bytes
      && item.offset < other.offset + other.bytes && other.firstStep <= item.lastStep
      && item.firstStep <= other.lastStep
  }

  @Test("the map of a long network merges steps and addresses")
  func arenaMapOfLongNetwork() throws {
    var sample = GraphSample()
    var tensor = sample.activation([1, 4, 4, 4])
    sample.inputs = [tensor]
    for index in 0..<150 { tensor = sample.pointwise(tensor, channels: 4 + index % 7) }
    sample.outputs = [tensor]
    let document = try Blob.parse(try BlobPacker.pack(sample.graph).bytes)
    let lines = ArenaMap(document).text(width: 100).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.prefix { !$0.contains("tensor") }.count < 40)
  }

  @Test("the bytes taken during a step count shared ones once")
  func bytesTaken() throws {
    let document = try document()
    let peak = document.steps.indices.map { document.bytesTaken(duringStep: $0) }.max()
    #expect(peak == document.header.arenaBytes)
  }

  @Test("a graph is listed with shapes, quantization, weights and multiply-accumulates")
  func graphInspection() throws {
    let inspection = GraphInspection(GraphSample.residual)
    #expect(inspection.macs == GraphSample.residual.multiplyAccumulates)
    #expect(inspection.operators.count == 8)
    #expect(inspection.operators[0].weightQuantization == "per tensor")
    #expect(inspection.operators[0].outputShape == [1, 8, 8, 8])
    #expect(inspection.weightsBytes == 32 + 64 + 64 + 24)
    let text = inspection.text()
    for part in ["sample", "conv2d", "1x8x8x8", "softmax"] {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
    let object = try json(inspection)
    #expect((object["operators"] as? [[String: Any]])?.count == 8)
    #expect(object["graph_sha256"] as? String == "\(GraphSample.residual.graphSHA256)")
  }
}

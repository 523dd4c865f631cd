// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Weights in files beside the model.
@Suite struct ONNXExternalDataTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let elements = withUnsafeBytes(of: (Float(0), Float(1.5), Float(-2)), Array.init)
    try Data(elements).write(to: folder.url.appendingPathComponent("weights.bin"))
  }

  /// A model in a folder `net` whose operand stands in another file.
  private func path(_ entries: [(String, String)]) throws -> String {
    var tensor = ONNXTensor([2], type: 1)
    tensor.external = entries.map { (key: $0.0, value: $0.1) }
    let path = folder.path("net.onnx")
    try Data(ONNXSamples.model("Add", [2], [tensor])).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func message(_ entries: [(String, String)]) throws -> String {
    let path = try path(entries)
    return try #require(throws: ModelImportError.self) {
      try ModelReader.readGraph(contentsOf: path)
    }.description
  }

  @Test("elements are read at their offset", arguments: [nil, "8"])
  func reads(length: String?) throws {
    var entries = [("location", "weights.bin"), ("offset", "4")]
    if let length { entries.append(("length", length)) }
    let graph = try ModelReader.readGraph(contentsOf: try path(entries))
    let operand = try #require(graph.operators[0].inputs[1])
    #expect(graph[operand].constant == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("a missing file is named")
  func refusesMissing() throws {
    let message = try message([("location", "none.bin")])
    #expect(message.contains("none.bin: cannot be read") || message.contains("No such file"))
    #expect(message.contains("beside it"))
  }

  @Test("a file that is too short, and lengths that do not fit, are refused")
  func refusesShort() throws {
    #expect(try message([("location", "weights.bin"), ("offset", "8")]).contains("beyond the end"))
    #expect(
      try message([("location", "weights.bin"), ("offset", "\(Int.max)")]).contains(
        "beyond the end"))
    #expect(
      try message([("location", "weights.bin"), ("length", "12")]).contains("12 bytes of data"))
    #expect(try message([("location", "weights.bin"), ("offset", "-4")]).contains("the offset"))
    #expect(try message([("offset", "4")]).contains("not named"))
  }

  @Test(
    "files outside of the model's folder are not read",
    arguments: ["../secret", "/etc/passwd", "a/../../secret", "link", ""])
  func refusesOutside(location: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "/etc/passwd")
    let message = try message([("location", location)])
    #expect(message.contains(location.isEmpty ? "not named" : "outside of the model's folder"))
  }

  @Test("a model given as bytes has no files beside it")
  func refusesBytes() throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: try path([("location", "w")]))))
    let error = try #require(throws: ModelImportError.self) {
      try ONNXReader.graph(from: bytes, name: "net")
    }
    #expect(error.description.contains("read the model from its file"))
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import ModelImport
import TestSupport
import Testing

@Suite struct ModelReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  private func error(_ path: String) throws -> String {
    try #require(throws: ModelImportError.self) {
      try ModelReader.readGraph(contentsOf: path)
    }.description
  }

  @Test("a .tflite file is recognized by its content and named after the file")
  func readsByContent() throws {
    let bytes = TFLiteBuilder(SampleGraphs.perceptron).bytes()
    let graph = try ModelReader.readGraph(contentsOf: try file("net.v2.bin", bytes))
    #expect(graph.name == "net.v2")
    #expect(graph.graphSHA256 == SampleGraphs.perceptron.graphSHA256)
  }

  @Test("a file named .onnx that ends too early is damaged")
  func refusesShortONNX() throws {
    let message = try error(try file("net.onnx", [8, 7, 18]))
    #expect(message.contains("net.onnx: the file is damaged: protocol buffer: it ends inside"))
  }

  @Test("a blob is told from a model")
  func refusesBlob() throws {
    #expect(try error(try file("net.shunt", Array("SHUNTBLB....".utf8))).contains("it is a blob"))
  }

  @Test("a .tflite file without its identifier is damaged")
  func refusesWrongIdentifier() throws {
    #expect(try error(try file("net.tflite", Array("PK\u{3}\u{4}0123".utf8))).contains("TFL3"))
    #expect(try error(try file("empty.tflite", [])).contains("TFL3"))
  }

  @Test("a text file, a folder and a missing file each get their own message")
  func refusesOthers() throws {
    #expect(try error(try file("notes.txt", Array("hello".utf8))).contains("not a model"))
    #expect(try error(folder.url.path).contains("it is a folder"))
    #expect(try error(folder.path("none.tflite")).contains("No such file"))
  }

  @Test("a device that never ends is not read")
  func refusesDevices() throws {
    #expect(try error("/dev/zero").contains("it is no file"))
  }

  @Test("a file beyond the limit is refused before it is read")
  func refusesHugeFiles() throws {
    let path = try file("huge.tflite", [])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: UInt64(ModelReader.byteLimit) + 1)
    try handle.close()
    #expect(try error(path).contains("models may have up to 268435456 bytes"))
  }
}

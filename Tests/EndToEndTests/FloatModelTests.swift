// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import TensorFiles
import TestSupport
import Testing

/// Float models through the command: quantized with calibration data, packed, explained, exported.
@Suite(.serialized) struct FloatModelTests {
  /// A float model of 6x5 images with 2 channels, and 40 rows of data, in a folder.
  private struct Workbench {
    let folder: TemporaryFolder
    let model, data, blob: String

    init(_ change: (inout [Float]) -> Void = { _ in }) throws {
      folder = try TemporaryFolder()
      model = folder.path("net.tflite")
      data = folder.path("data.npy")
      blob = folder.path("net.shunt")
      let graph = SampleGraphs.convolutional(type: .float32)
      try Data(TFLiteBuilder(graph).bytes()).write(to: URL(fileURLWithPath: model))
      var random = SplitMix64(seed: 11)
      var floats = (0..<40 * 60).map { _ in Float.random(in: -1...1, using: &random) }
      change(&floats)
      try #require(NumpyArray(shape: [40, 6, 5, 2], floats: floats)).write(to: data)
    }

    func compile(_ options: String...) throws -> (status: Int32, output: String, error: String) {
      try CommandLineTests.run(
        ["compile", model, "-o", blob, "--target", "portable"] + options)
    }
  }

  @Test(
    "without calibration data one error names the option that is missing, and nothing is written")
  func needsCalibration() throws {
    let bench = try Workbench()
    let result = try bench.compile()
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("error: \(bench.model)"))
    #expect(result.error.contains("--calibrate DATA"))
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: bench.blob))
  }

  @Test("a preprocessing file that is not legal is named in one error, and nothing is written")
  func namesIllegalPreprocessing() throws {
    let bench = try Workbench()
    let file = bench.folder.path("net.yaml")
    try Data("scale: many".utf8).write(to: URL(fileURLWithPath: file))
    let result = try bench.compile("--calibrate", bench.data)
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("error: \(file): 'scale'"))
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: bench.blob))
  }

  @Test("a quantized model refuses calibration data")
  func refusesCalibration() throws {
    let bench = try Workbench()
    let result = try CommandLineTests.shunt(
      "compile", CommandLineTests.demo + "/fashion_int8.tflite", "-o", bench.blob, "--target",
      "portable", "--calibrate", bench.data)
    #expect(result.status == 2)
    #expect(result.error.contains("quantized already"))
    #expect(result.error.contains("--calibrate"))
  }

  @Test("the same model and data give the same blob, which any command takes")
  func compiles() throws {
    let bench = try Workbench()
    #expect(try bench.compile("--calibrate", bench.data).status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: bench.blob))
    #expect(try bench.compile("--calibrate", bench.data).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.blob)) == first)
    let verified = try CommandLineTests.shunt("verify", bench.blob, "--inputs", bench.data)
    #expect(verified.status == 0)
  }

  @Test("--explain has its sections within 100 columns, --json the same as one document")
  func explains() throws {
    let bench = try Workbench()
    let text = try bench.compile("--calibrate", bench.data, "--explain").output
    for title in ["Imported", "Changed before quantization", "Calibration", "Layers"] {
      #expect(text.contains("\n\(title)\n"), "\(text)")
    }
    let explanation = text.components(separatedBy: "\nblob 1").first ?? ""
    for line in explanation.split(separator: "\n") where !line.contains(bench.folder.path("")) {
      #expect(line.count <= 100, "\(line)")
    }
    let json = try bench.compile("--calibrate", bench.data, "--json").output
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let record = try #require(document["quantization"] as? [String: Any])
    let report = try #require(record["report"] as? [String: Any])
    let layers = try #require(report["layers"] as? [[String: Any]])
    #expect(layers.first?["kind"] as? String == "conv2d")
    #expect((record["data"] as? [String: Any])?["rows"] as? Int == 40)
  }

  @Test("a NaN in the data is named by its row")
  func namesRows() throws {
    let bench = try Workbench { $0[17 * 60 + 3] = .nan }
    let result = try bench.compile("--calibrate", bench.data)
    #expect(result.status == 2)
    #expect(result.error.contains("row 17 contains a NaN"))
  }

  @Test("constant data are warned of on standard error")
  func warns() throws {
    let bench = try Workbench { floats in for index in floats.indices { floats[index] = 0 } }
    let result = try bench.compile("--calibrate", bench.data)
    #expect(result.error.contains("warning: every calibration value"))
  }

  @Test("a float model is exported as an int8 .tflite that packs to the same steps")
  func exports() throws {
    let bench = try Workbench()
    let path = bench.folder.path("int8.tflite")
    let result = try CommandLineTests.shunt(
      "export", bench.model, "--as", "tflite", "-o", path, "--calibrate", bench.data)
    #expect(result.status == 0, "\(result.error)")
    let again = try CommandLineTests.shunt(
      "compile", path, "-o", bench.folder.path("again.shunt"), "--target", "portable")
    #expect(again.status == 0, "\(again.error)")
  }
}

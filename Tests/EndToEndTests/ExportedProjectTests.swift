// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import BoardSupport
import Foundation
import HostRuntime
import ModelGraph
import ProjectExport
import TensorFiles
import TestSupport
import Testing

/// Exported projects, built without warnings and run on emulated boards.
@Suite(.serialized) struct ExportedProjectTests {
  /// A core, and an emulated machine that executes its instructions.
  struct Target: CustomTestStringConvertible, Sendable {
    var core, machine: String
    var codeOrigin, ramOrigin: String
    var testDescription: String { core }
  }

  static let targets = [
    // No machine of QEMU's with an M0 has room enough; an M3 runs all of Armv6-M.
    Target(core: "cortex-m0", machine: "mps2-an385", codeOrigin: "0", ramOrigin: "0x20000000"),
    Target(core: "cortex-m4", machine: "mps2-an386", codeOrigin: "0", ramOrigin: "0x20000000"),
    Target(
      core: "cortex-m55", machine: "mps3-an547", codeOrigin: "0",
      ramOrigin: "0x70000000"),
  ]

  static let demo = PackageRoot.url.appendingPathComponent("Tools/demo-model").path

  /// A model with rows of inputs and the outputs that the reference gives for them.
  struct Sample {
    var model: Deployable
    var inputs, outputs: [[UInt8]]

    init(model path: String, inputs: String, expected: String, rows count: Int) throws {
      model = try Deployable.load(path, options: PackOptions())
      let rows = try ModelData(model.document).rows(
        of: try DataSet(contentsOf: inputs), split: .all, override: nil)
      let array = try NumpyArray(contentsOf: expected)
      self.inputs = rows.prefix(count).map(\.bytes)
      let engine = HostEngine(try HostModel(blob: model.blob))
      // The host's bytes, which other tests compare with the reference, for all types of outputs.
      outputs = try engine.run(rows: self.inputs, resetEach: false) { _, _ in }
      try #require(array.rowCount >= self.inputs.count)
    }
  }

  /// Builds and runs the harness around an exported project.
  ///
  /// - Returns: What it printed, and its exit status.
  private static func run(
    _ sample: Sample, on target: Target, folder: TemporaryFolder
  ) throws -> (output: String, status: Int32) {
    let resources = ResourceRoot(folder: PackageRoot.url.path)
    let project = folder.path("project")
    try ProjectFolder(path: project).write(
      try ProjectExporter(resources: resources, tool: "shunt 0").project(
        for: sample.model.document, blob: sample.model.blob, name: sample.model.name, figures: []),
      force: false)
    try rowsHeader(sample).write(
      toFile: folder.path("rows.h"), atomically: true, encoding: .utf8)
    let build = folder.path("build")
    for arguments in [
      [
        "-S", PackageRoot.url.appendingPathComponent("Tests/ExportedProject").path, "-B", build,
        "-G", "Ninja", "-DPROJECT=\(project)", "-DROWS=\(folder.url.path)",
        "-DCMAKE_TOOLCHAIN_FILE=\(project)/cmake/arm-none-eabi.cmake",
        "-DSHUNT_CPU=\(target.core)", "-DCODE_ORIGIN=\(target.codeOrigin)",
        "-DRAM_ORIGIN=\(target.ramOrigin)",
      ], ["--build", build],
    ] {
      let result = try Subprocess.run("cmake", arguments, package: "cmake")
      try #require(result.status == 0, "\(result.output)")
      #expect(!result.output.contains("warning:"))
    }
    let result = try Subprocess.run(
      "timeout",
      [
        "120", "qemu-system-arm", "-M", target.machine, "-kernel", build + "/harness.elf",
        "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config",
        "enable=on,target=native",
      ], package: "qemu-system-arm")
    return (result.output, result.status)
  }

  private static func rowsHeader(_ sample: Sample) -> String {
    func array(_ name: String, _ rows: [[UInt8]]) -> String {
      let text = rows.map { "{" + $0.map(String.init).joined(separator: ",") + "}" }
      return "static const uint8_t \(name)[\(rows.count)][\(rows[0].count)] = {\n"
        + text.joined(separator: ",\n") + "};\n"
    }
    return """
      #include <stdint.h>
      #define ROW_COUNT \(sample.inputs.count)u
      #define ROW_INPUT_BYTES \(sample.inputs[0].count)

      """ + array("row_inputs", sample.inputs) + array("row_outputs", sample.outputs)
  }

  /// What the example prints for an input of real zeros, by the host's runtime.
  private static func exampleOutput(of sample: Sample) throws -> [String] {
    let document = sample.model.document
    var row: [UInt8] = []
    for port in document.inputs {
      let tensor = document.tensors[port.tensor]
      row += [UInt8](
        repeating: UInt8(truncatingIfNeeded: tensor.zeroPoint), count: tensor.bytes)
    }
    let engine = HostEngine(try HostModel(blob: sample.model.blob))
    let output = try engine.run(rows: [row], resetEach: true) { _, _ in }[0]
    var lines: [String] = []
    var offset = 0
    for port in document.outputs {
      let tensor = document.tensors[port.tensor]
      for index in 0..<tensor.bytes {
        let byte = output[offset + index]
        let q = tensor.elementType == .uint8 ? Int(byte) : Int(Int8(bitPattern: byte))
        let real = Double(tensor.scale * Float(q - tensor.zeroPoint))
        lines.append("\(index): \(q) = " + String(format: "%f", real))
      }
      offset += tensor.bytes
    }
    return lines
  }

  private static func verify(_ sample: Sample, on target: Target) throws {
    let folder = try TemporaryFolder()
    let (output, status) = try run(sample, on: target, folder: folder)
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    let count = sample.inputs.count
    #expect(lines == ["rows \(count) right \(count)"] + (try exampleOutput(of: sample)))
    #expect(status == 0)
  }

  @Test(
    "the demo model's project builds without a warning and gives the host's bits",
    arguments: targets)
  func demoModel(_ target: Target) throws {
    try Self.verify(
      try Sample(
        model: Self.demo + "/fashion_int8.tflite", inputs: Self.demo + "/test",
        expected: Self.demo + "/test/outputs_tflm.npy", rows: 5), on: target)
  }

  @Test(
    "a reference model's project gives the host's bits",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"), arguments: targets,
    ["hello_world", "kws"])
  func golden(_ target: Target, _ name: String) throws {
    try Self.verify(
      try Sample(
        model: SharedData.path("models/\(name)/int8.tflite"),
        inputs: SharedData.path("golden/\(name)/inputs.npy"),
        expected: SharedData.path("golden/\(name)/outputs_tflm.npy"), rows: 4), on: target)
  }

  @Test("the project builds for this machine, headers serve C++ too, and the example runs")
  func onThisMachine() throws {
    let sample = try Sample(
      model: Self.demo + "/fashion_int8.tflite", inputs: Self.demo + "/test",
      expected: Self.demo + "/test/outputs_tflm.npy", rows: 1)
    let folder = try TemporaryFolder()
    let project = folder.path("project")
    try ProjectFolder(path: project).write(
      try ProjectExporter(
        resources: ResourceRoot(folder: PackageRoot.url.path), tool: "shunt 0"
      ).project(
        for: sample.model.document, blob: sample.model.blob, name: "demo", figures: []),
      force: false)
    let build = folder.path("build")
    for arguments in [
      ["-S", project, "-B", build, "-DSHUNT_MODEL_WERROR=ON"], ["--build", build],
    ] {
      let result = try Subprocess.run("cmake", arguments, package: "cmake")
      try #require(result.status == 0, "\(result.output)")
    }
    let example = try Subprocess.run(build + "/shunt_example", [], package: "")
    #expect(
      example.output.split(separator: "\n").map(String.init)
        == (try Self.exampleOutput(of: sample)))
    for (compiler, standard) in [("g++", "c++11"), ("clang++", "c++17"), ("clang", "c11")] {
      guard Subprocess.find(compiler) != nil else { continue }
      let language = compiler.hasSuffix("++") ? "c++" : "c"
      try "#include \"shunt_model.h\"\n".write(
        toFile: folder.path("includes." + language), atomically: true, encoding: .utf8)
      let result = try Subprocess.run(
        compiler,
        [
          "-std=\(standard)", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsyntax-only",
          "-I\(project)/include", folder.path("includes." + language),
        ], package: "")
      #expect(result.status == 0, "\(compiler): \(result.output)")
    }
  }

  @Test("the example stays about 30 lines")
  func exampleIsShort() throws {
    let sample = try Deployable.load(Self.demo + "/fashion_int8.tflite", options: PackOptions())
    let project = try ProjectExporter(
      resources: ResourceRoot(folder: PackageRoot.url.path), tool: "shunt 0"
    ).project(for: sample.document, blob: sample.blob, name: "demo", figures: [])
    let text = String(decoding: project.files["example/main.c"] ?? [], as: UTF8.self)
    #expect((20...36).contains(text.split(separator: "\n", omittingEmptySubsequences: false).count))
  }
}

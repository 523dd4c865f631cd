// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import TestSupport
import Testing

/// The command as its users run it.
@Suite(.serialized) struct CommandLineTests {
  static let demo = PackageRoot.url.appendingPathComponent("Tools/demo-model").path
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("shunt").path

  /// Runs the command, standard error apart from standard output.
  static func shunt(_ arguments: String...) throws -> (
    status: Int32, output: String, error: String
  ) {
    try run(arguments)
  }

  /// Runs the command, standard error apart from standard output.
  static func run(_ arguments: [String]) throws -> (status: Int32, output: String, error: String) {
    let output = Pipe()
    let error = Pipe()
    let process = try Subprocess.start(
      executable, arguments, package: "", standardOutput: output, standardError: error)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      String(decoding: errorText, as: UTF8.self)
    )
  }

  @Test("what goes wrong with a file ends with status 2 and one line that names it")
  func badInput() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("broken.shunt")
    try Data("SHUNTBLB".utf8).write(to: URL(fileURLWithPath: path))
    for arguments in [["inspect", path], ["inspect", folder.path("absent.tflite")]] {
      let result = try Self.shunt(arguments[0], arguments[1])
      #expect(result.status == 2)
      #expect(result.output.isEmpty)
      #expect(result.error.hasPrefix("error: " + arguments[1]))
      #expect(result.error.split(separator: "\n").count == 1)
    }
  }

  @Test("a blob is not compared with a model that takes other inputs")
  func otherModel() throws {
    let other = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/conv_2d/1x1.tflite")
    let result = try Self.shunt(
      "verify", Self.demo + "/fashion_int8.tflite", "--inputs", Self.demo + "/test", "--model",
      other.path)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.error.hasPrefix("error: " + other.path))
    #expect(result.error.contains("int8 1x28x28x1 and gives int8 1x10"))
  }

  @Test("unknown words end with status 2, help with status 0")
  func usage() throws {
    #expect(try Self.shunt("frobnicate").status == 2)
    #expect(try Self.shunt("compile").status == 2)
    let help = try Self.shunt("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("measured"))
  }

  @Test("--json prints one document and nothing else")
  func json() throws {
    let folder = try TemporaryFolder()
    let blob = folder.path("demo.shunt")
    let model = Self.demo + "/fashion_int8.tflite"
    let compile = try Self.shunt("compile", model, "--board", "qemu-m4", "-o", blob, "--json")
    #expect(compile.status == 0)
    for arguments in [["inspect", blob], ["inspect", model], ["boards", "list"]] {
      let result = try Self.shunt(arguments[0], arguments[1], "--json")
      #expect(result.status == 0)
      _ = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }
    let inspected = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try Self.shunt("inspect", blob, "--json").output.utf8)) as? [String: Any])
    for key in [
      "format_version", "kernel_set", "rounding", "graph_sha256", "arena_bytes", "blob_bytes",
      "weights_bytes", "operators", "inputs", "outputs",
    ] {
      #expect(inspected[key] != nil, "\(key)")
    }
  }

  @Test("energy integrates a recording between its edges and prints what cli users parse")
  func energy() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("trace.csv")
    // 10 mA at 2 V from 1 s to 2 s, 5 mA before and after: 20 mJ gross.
    var lines = ["time_s,current_a,voltage_v,phase"]
    for index in 0..<3000 {
      let isActive = (1000..<2000).contains(index)
      lines.append(
        "\(Double(index) / 1000),\(isActive ? 0.010 : 0.005),2.0,\(isActive ? "inference" : "idle")"
      )
    }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let result = try Self.shunt("energy", path, "--json")
    #expect(result.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let windows = try #require(object["windows"] as? [[String: Any]])
    #expect(windows.count == 1)
    #expect(abs(try #require(windows[0]["energy_uj_per_inference"] as? Double) - 20_000) < 1)
    #expect(abs(try #require(windows[0]["mean_power_mw"] as? Double) - 20) < 0.001)
  }

  @Test("verify says 0 where outputs agree, 1 where they differ, and names the operator")
  func verify() throws {
    let model = Self.demo + "/fashion_int8.tflite"
    let good = try Self.shunt(
      "verify", model, "--inputs", Self.demo + "/test", "--expected",
      Self.demo + "/test/outputs_tflm.npy", "--labels", Self.demo + "/test/labels.csv", "--json")
    #expect(good.status == 0)
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(good.output.utf8)) as? [String: Any])
    #expect(result["mismatched_rows"] as? Int == 0)
    #expect(result["first_divergence"] is NSNull)
    #expect(try #require(result["accuracy"] as? Double) > 0.9)

    let folder = try TemporaryFolder()
    let wrong = folder.path("wrong.npy")
    var bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Self.demo + "/test/outputs_tflm.npy")))
    bytes[bytes.count - 1] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: wrong))
    let bad = try Self.shunt(
      "verify", model, "--inputs", Self.demo + "/test", "--expected", wrong, "--json")
    #expect(bad.status == 1)
    #expect(bad.output.contains("\"operator\""))
  }

  @Test("an interrupted benchmark ends with status 130, without emulator and without files")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("runs.sqlite")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.executable)
    process.arguments = [
      "bench", Self.demo + "/fashion_int8.tflite", "--board", "qemu-m4", "--windows", "1000",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SHUNT_STORE": store, "TMPDIR": folder.url.path], uniquingKeysWith: { $1 })
    process.standardError = Pipe()
    process.standardOutput = Pipe()
    try process.run()
    // Long enough that the emulator is running: its folder of files appears first.
    let deadline = ContinuousClock.now + .seconds(60)
    while try !folder.names().contains(where: { $0.hasPrefix("shunt-") }),
      ContinuousClock.now < deadline
    { usleep(50_000) }
    usleep(2_000_000)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try folder.names().filter { $0.hasPrefix("shunt-") }.isEmpty)
    let left = try Subprocess.run("pgrep", ["-f", folder.url.path], package: "procps")
    #expect(left.output.isEmpty, "\(left.output)")
  }
}

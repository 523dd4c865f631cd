// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import TensorFiles
import Testing

@Suite struct PortFilesTests {
  private static let names = ["serving_default_left:0", "right"]

  private func paths(
    _ arguments: [String], _ side: PortFiles.Side = .input
  ) throws -> [String?] {
    try PortFiles(arguments, names: Self.names, side: side, option: "--input").paths
  }

  private func message(_ arguments: [String], _ side: PortFiles.Side = .input) throws -> String {
    try #require(throws: TensorFilesError.self) { try paths(arguments, side) }.description
  }

  @Test("files without a name go to the ports in order, behind those with one")
  func assigns() throws {
    #expect(try paths(["a.npy", "b.npy"]) == ["a.npy", "b.npy"])
    #expect(try paths(["right=a.npy", "b.npy"]) == ["b.npy", "a.npy"])
    #expect(try paths(["right=a.npy", "left=b=c.npy"]) == ["b=c.npy", "a.npy"])
    #expect(try paths(["serving_default_left:0=a.npy", "b.npy"]) == ["a.npy", "b.npy"])
    #expect(try paths(["runs/x=1/a.npy", "b.npy"]) == ["runs/x=1/a.npy", "b.npy"])
  }

  @Test("names of the model file are taken where a blob has shorter ones")
  func takesLongNames() throws {
    let files = try PortFiles(
      ["/model/head/Concat_18_o0=a.npy"], names: ["b", "model/head/Concat_18_o0"], side: .output,
      option: "--output")
    #expect(files.paths == [nil, "a.npy"])
  }

  @Test("outputs may be left without a file, inputs may not")
  func leavesOutputs() throws {
    #expect(try paths(["right=a.npy"], .output) == [nil, "a.npy"])
    #expect(try paths([], .output) == [nil, nil])
    #expect(try message(["right=a.npy"]).contains("'serving_default_left:0' has no file"))
  }

  @Test("too many files, two for one port and unknown names are refused with the ports' names")
  func refuses() throws {
    #expect(try message(["a", "b", "c"]).hasPrefix("c: no input is left for it"))
    #expect(try message(["right=a", "right=b"]).contains("'right' has a file already"))
    let unknown = try message(["middle=a.npy", "b.npy"], .output)
    #expect(unknown.contains("no 'middle'") && unknown.contains("'right'"))
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct DataSetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let inputs = try #require(NumpyArray(shape: [4, 2], int8: [1, 2, 3, 4, 5, 6, 7, 8]))
    try inputs.write(to: folder.path("inputs.npy"))
  }

  private func write(_ name: String, _ text: String) throws {
    try AtomicFile.write(text.utf8, to: folder.path(name))
  }

  private func message(_ path: String) throws -> String {
    try #require(throws: TensorFilesError.self) { try DataSet(contentsOf: path) }.description
  }

  @Test("a folder gives inputs, labels and their scale")
  func readsFolders() throws {
    try write("labels.csv", "row,name,label,split\n3,d,0,calib\n1,b,1,test\n0,a,0,test\n")
    try write("inputs.yaml", "# as stored\nscale: 0.5  # per step\nzero_point: -3\n")
    let data = try DataSet(contentsOf: folder.url.path)
    #expect(data.inputs.shape == [4, 2])
    #expect(data.quantization == LinearQuantization(scale: 0.5, zeroPoint: -3))
    #expect(try data.rows(in: .calib) == [3])
    #expect(try data.rows(in: .test) == [1, 0])
    #expect(try data.rows(in: .all) == [0, 1, 2, 3])
  }

  @Test("an array alone has all its rows in every split")
  func readsArrays() throws {
    let data = try DataSet(contentsOf: folder.path("inputs.npy"))
    #expect(data.labels == nil)
    #expect(data.quantization == nil)
    #expect(try data.rows(in: .calib) == [0, 1, 2, 3])
  }

  @Test("the file that bears the array's name states its scale, before inputs.yaml")
  func prefersOwnSidecar() throws {
    try write("inputs.yaml", "scale: 1\nzero_point: 0\n")
    try write("other.yaml", "zero_point: 7\nscale: 2.5e-1\n")
    let inputs = try #require(NumpyArray(shape: [1, 1], int8: [1]))
    try inputs.write(to: folder.path("other.npy"))
    let data = try DataSet(contentsOf: folder.path("other.npy"))
    #expect(data.quantization == LinearQuantization(scale: 0.25, zeroPoint: 7))
  }

  @Test("a split without rows is an error that says so")
  func refusesEmptySplits() throws {
    try write("labels.csv", "row,name,label,split\n0,a,0,train\n")
    let data = try DataSet(contentsOf: folder.url.path)
    let error = try #require(throws: TensorFilesError.self) { try data.rows(in: .calib) }
    #expect(error.description.contains("no row belongs to split `calib`; use --split all"))
  }

  @Test("a label for a row that is not there is refused")
  func refusesForeignLabels() throws {
    try write("labels.csv", "row,name,label\n4,e,0\n")
    #expect(try message(folder.url.path).contains("it labels row 4, but there are 4 inputs"))
  }

  @Test("a folder without inputs and an array without rows are refused")
  func refusesNothing() throws {
    #expect(try message(folder.path("none")).contains("No such file"))
    let empty = try #require(NumpyArray(shape: [0, 2], int8: []))
    try empty.write(to: folder.path("empty.npy"))
    #expect(try message(folder.path("empty.npy")).contains("there must be rows"))
    let scalar = try #require(NumpyArray(shape: [], int8: [1]))
    try scalar.write(to: folder.path("scalar.npy"))
    #expect(try message(folder.path("scalar.npy")).contains("there must be rows"))
  }

  @Test(
    "a scale file that says something else is refused",
    arguments: [
      "scale: 1\n", "zero_point: 0\n", "scale: 0\nzero_point: 0\n", "scale: -1\nzero_point: 0\n",
      "scale: nan\nzero_point: 0\n", "scale: inf\nzero_point: 0\n", "scale: x\nzero_point: 0\n",
      "scale: 1\nzero_point: 0.5\n", "scale: 1\nzero_point: 99999999999\n", "scale 1\n",
      "scale: 1\nscale: 1\nzero_point: 0\n", "scale: 1\nzero_point: 0\nzeropoint: 1\n",
    ])
  func refusesScaleFiles(text: String) throws {
    try write("inputs.yaml", text)
    #expect(try message(folder.url.path).contains("inputs.yaml: "))
  }

  @Test("the evaluation set has its splits and its scale", .enabled(if: SharedData.isAvailable))
  func readsEvaluationSet() throws {
    let data = try DataSet(contentsOf: SharedData.path("eval/kws"))
    #expect(data.inputs.shape == [500, 49, 10, 1])
    #expect(try data.rows(in: .calib).count == 100)
    #expect(try data.rows(in: .test).count == 400)
    #expect(data.quantization == LinearQuantization(scale: 0.5847029, zeroPoint: 83))
    #expect(data.labels?.label(ofRow: 0) == 8)
  }
}

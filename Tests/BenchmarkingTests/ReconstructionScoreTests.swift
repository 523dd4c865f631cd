// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@testable import Benchmarking

@Suite struct ReconstructionScoreTests {
  /// Rows of three elements whose squared errors are `errors`, with their classes and names.
  private func area(
    _ errors: [Float], _ labels: [Int], names: [String]? = nil
  ) throws -> Double? {
    let originals = try #require(
      NumpyArray(shape: [errors.count, 3], floats: errors.flatMap { _ in [1, 2, 3] }))
    let outputs = try #require(
      NumpyArray(
        shape: [errors.count, 3],
        floats: errors.flatMap { [1 + $0.squareRoot(), 2 - $0.squareRoot(), 3 + $0.squareRoot()] }))
    let entries = labels.enumerated().map {
      LabelTable.Entry(
        row: $0.offset, name: names?[$0.offset] ?? "", label: $0.element, split: nil)
    }
    return ReconstructionScore(originals: originals, outputs: outputs).area(entries)?.area
  }

  @Test func anomaliesAboveAllNormalSamplesGiveOne() throws {
    #expect(try area([1, 2, 9, 16], [0, 0, 1, 1]) == 1)
    #expect(try area([9, 16, 1, 2], [0, 0, 1, 1]) == 0)
  }

  @Test func pairsInTheWrongOrderCount() throws {
    #expect(try area([1, 9, 4, 16], [0, 0, 1, 1]) == 0.75)
  }

  @Test func tiesCountHalf() throws {
    #expect(try area([4, 4], [0, 1]) == 0.5)
  }

  @Test func rowsOfOneNameAreOneSample() throws {
    #expect(try area([1, 25, 9, 9], [0, 0, 1, 1], names: ["a", "a", "b", "b"]) == 0)
  }

  @Test func oneClassHasNoArea() throws {
    #expect(try area([1, 2], [1, 1]) == nil)
  }

  @Test func classifiersAreNotTakenForReconstructions() {
    #expect(!ReconstructionScore.applies(inputCount: 490, outputCount: 12, labels: [0, 1]))
    #expect(!ReconstructionScore.applies(inputCount: 12, outputCount: 12, labels: [0, 1, 5]))
    #expect(ReconstructionScore.applies(inputCount: 640, outputCount: 640, labels: [0, 1, 1]))
  }
}

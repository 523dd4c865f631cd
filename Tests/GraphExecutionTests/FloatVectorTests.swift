// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import ModelImport
import Testing

/// Every kind of operator against the reference kernels of TensorFlow Lite.
@Suite struct FloatVectorTests {
  /// Relative to the larger of an element and the tensor's root mean square.
  private static let tolerance: Float = 1e-5

  @Test("outputs equal the reference's to float precision", arguments: FloatVectors.all)
  func outputs(_ id: String) throws {
    let graph = try TFLiteReader.graph(from: try FloatVectors.model(id), name: id)
    let (inputs, expected) = try FloatVectors.values(id, of: graph)
    let outputs = try FloatExecutor(graph).run(inputs)
    try #require(outputs.count == expected.count)
    for (output, reference) in zip(outputs, expected) {
      guard let values = output.floats, let wanted = reference.floats else {
        #expect(output == reference)
        continue
      }
      #expect(output.shape == reference.shape)
      let square = wanted.reduce(0) { $0 + $1 * $1 } / Float(wanted.count)
      let worst = zip(values, wanted).map { abs($0 - $1) / max(abs($1), square.squareRoot(), 1e-6) }
        .max()
      let error = try #require(worst)
      #expect(error <= Self.tolerance, "\(id): \(error)")
    }
  }

  @Test func thereAreCases() { #expect(FloatVectors.all.count > 150) }
}

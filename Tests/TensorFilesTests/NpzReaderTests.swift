// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"))
struct NpzReaderTests {
  @Test("deflated members of the golden layers are read, first rows equal to the golden inputs")
  func readsGoldenLayers() throws {
    for model in ["kws", "ic", "vww", "ad"] {
      let layers = try NpzReader(contentsOf: SharedData.path("golden/\(model)/layers.npz"))
      let inputs = try NumpyArray(contentsOf: SharedData.path("golden/\(model)/inputs.npy"))
      let input = try #require(layers["input"])
      #expect(layers.arrays.count > 10)
      #expect(input.elementCount > 0)
      #expect(inputs.bytes.starts(with: input.bytes), "\(model): \(input.shape) \(inputs.shape)")
    }
  }
}

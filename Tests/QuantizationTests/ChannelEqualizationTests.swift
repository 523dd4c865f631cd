// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

@testable import Quantization

@Suite struct ChannelEqualizationTests {
  @Test func equalizedChannelsLeaveTheFloatNetworkAsItIs() throws {
    var draft = GraphDraft(name: "chain", type: .float32)
    let one = Spatial(height: 1, width: 1)
    let image = draft.input([1, 6, 5, 2])
    let a = draft.operation(
      .conv2D(Conv2DAttributes(stride: one, padding: .same, activation: .relu)),
      [image, draft.weights([4, 3, 3, 2], axis: 0), draft.bias(4)], output: [1, 6, 5, 4])
    let b = draft.operation(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: one, padding: .same, activation: .relu, depthMultiplier: 2)),
      [a, draft.weights([1, 3, 3, 8], axis: 3), draft.bias(8)], output: [1, 6, 5, 8])
    let c = draft.operation(.reshape, [b, draft.shapeConstant([1, 240])], output: [1, 240])
    let d = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [c, draft.weights([3, 240], axis: nil), draft.bias(3)], output: [1, 3])
    let network = try PreparedNetwork(draft.graph(inputs: [image], outputs: [d]), type: .int8)
    let data = QuantizationFixtures.data(rows: 8)
    let runner = RowRunner(calibration: data, threads: 2)
    let subject = try Subject(network, runner: runner)
    let equalized = try #require(
      try ChannelEqualization(subject: subject, runner: runner).equalized())
    let after = try Subject(equalized, runner: runner)
    for (before, now) in zip(subject.observation.references, after.observation.references) {
      for (x, y) in zip(before[0], now[0]) { #expect(abs(x - y) <= 1e-4 * max(1, abs(x))) }
    }
    let first = equalized.filter(of: equalized.layers[0])
    #expect(first != network.filter(of: network.layers[0]))
  }
}

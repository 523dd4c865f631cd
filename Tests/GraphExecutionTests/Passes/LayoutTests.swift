// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

/// Transposes in front of operators of every kind, between two convolutions.
@Suite struct LayoutTests {
  /// Something between two convolutions that works along dimensions of [n, c, h, w].
  struct Middle: Sendable, CustomStringConvertible {
    var description: String
    var shape: Shape
    var build: @Sendable (inout ChannelsFirstNetwork, TensorID) -> TensorID

    init(
      _ description: String, _ shape: Shape = [1, 6, 4, 4],
      _ build: @escaping @Sendable (inout ChannelsFirstNetwork, TensorID) -> TensorID
    ) {
      self.description = description
      self.shape = shape
      self.build = build
    }

    /// One operator.
    init(_ description: String, _ kind: OperatorKind, _ shape: Shape = [1, 6, 4, 4]) {
      self.init(description, shape) { $0.operation(kind, [$1], shape) }
    }
  }

  static let middles: [Middle] = [
    Middle("leaky ReLU", .unary(.leakyReLU(alpha: 0.1))),
    Middle("pad", .pad(PadAttributes(before: [0, 1, 0, 0], after: [0, 0, 2, 1])), [1, 7, 6, 5]),
    Middle(
      "mirror",
      .pad(PadAttributes(before: [0, 0, 1, 0], after: [0, 0, 0, 1], content: .reflection)),
      [1, 6, 5, 5]),
    Middle(
      "slice",
      .slice(SliceAttributes(begin: [0, 1, 0, 3], size: [1, 2, 2, 4], stride: [1, 2, 1, -1])),
      [1, 2, 2, 4]),
    Middle("tile", .tile(multiples: [1, 2, 1, 3]), [1, 12, 4, 12]),
    Middle(
      "running sums",
      .cumulativeSum(CumulativeSumAttributes(axis: 1, isExclusive: false, isReverse: true))),
    Middle(
      "gather", .gather(GatherAttributes(axis: 1, indices: [5, 0, 0], indexShape: [3])),
      [1, 3, 4, 4]),
    Middle("maximum over channels") { network, x in
      let most = network.operation(
        .reduce(ReduceAttributes(function: .maximum, axes: [1], keepsDimensions: true)), [x],
        [1, 1, 4, 4])
      return network.binary(.multiply(.none), x, most)
    },
    Middle("mean over rows without their dimension") { network, x in
      let mean = network.operation(
        .reduce(ReduceAttributes(function: .mean, axes: [2], keepsDimensions: false)), [x],
        [1, 6, 4])
      return network.reshape(mean, [1, 6, 1, 4])
    },
    Middle("PReLU with a factor per channel") { network, x in
      network.operation(.prelu, [x, network.constant([6, 1, 1])], network.shape(x))
    },
    Middle("sum with an image") { network, x in network.add(x, network.constant([6, 4, 4])) },
    Middle("sum with a column of every channel") { network, x in
      network.add(network.constant([1, 6, 1, 4]), x)
    },
    Middle("difference from a constant") { network, x in
      network.binary(.subtract(.none), network.constant([1, 1, 4, 1]), x)
    },
    Middle("larger of two branches") { network, x in
      network.binary(.maximum, network.convolution(x, 6), network.depthwise(x))
    },
    Middle("choice between two") { network, x in
      let isLarger = network.operation(
        .compare(.greater), [x, network.constant([6, 1, 1])], [1, 6, 4, 4], type: .bool)
      return network.operation(.select, [isLarger, x, network.convolution(x, 6)], [1, 6, 4, 4])
    },
    Middle("split and join in another order", [1, 6, 4, 4]) { network, x in
      let a = network.operation(
        .slice(SliceAttributes(begin: [0, 0, 0, 0], size: [1, 2, 4, 4])), [x], [1, 2, 4, 4])
      let b = network.operation(
        .slice(SliceAttributes(begin: [0, 2, 0, 0], size: [1, 4, 4, 4])), [x], [1, 4, 4, 4])
      return network.concatenate([b, a])
    },
    Middle("stacked and taken apart") { network, x in
      let stacked = network.operation(.pack(axis: 2), [x, network.relu(x)], [1, 6, 2, 4, 4])
      return network.operation(
        .slice(
          SliceAttributes(
            begin: [0, 0, 1, 0, 0], size: [1, 6, 1, 4, 4], stride: [1, 1, 1, 1, 1],
            droppedAxes: [2])), [stacked], [1, 6, 4, 4])
    },
    Middle("reshaped without moving channels") { network, x in
      network.reshape(network.relu(network.reshape(x, [1, 6, 16])), [1, 6, 2, 8])
    },
    Middle("normalized over channels") { network, x in
      let rows = network.transpose(x, [0, 2, 3, 1])
      return network.transpose(
        network.operation(.l2Normalization, [rows], [1, 4, 4, 6]), [0, 3, 1, 2])
    },
    Middle("broadcast over the image") { network, x in
      let mean = network.mean(x)
      return network.add(x, network.operation(.broadcast, [mean], [1, 6, 4, 4]))
    },
    Middle("shuffled channels, of which two parts go different ways") { network, x in
      let shuffled = network.shuffle(x, groups: 2)
      let a = network.operation(
        .slice(SliceAttributes(begin: [0, 0, 0, 0], size: [1, 3, 4, 4])), [shuffled], [1, 3, 4, 4])
      let b = network.operation(
        .slice(SliceAttributes(begin: [0, 3, 0, 0], size: [1, 3, 4, 4])), [shuffled], [1, 3, 4, 4])
      return network.shuffle(
        network.concatenate([a, network.relu(network.convolution(b, 3))]), groups: 3)
    },
    Middle("one dimension padded at one side, between reshapes") { network, x in
      let mean = network.operation(
        .reduce(ReduceAttributes(function: .mean, axes: [2], keepsDimensions: true)), [x],
        [1, 6, 1, 4])
      let row = network.reshape(mean, [1, 6, 4])
      let padded = network.operation(
        .pad(PadAttributes(before: [0, 0, 2], after: [0, 0, 0])), [row], [1, 6, 6])
      return network.reshape(padded, [1, 6, 1, 6])
    },
    Middle("a dense layer over channels") { network, x in
      let rows = network.transpose(network.reshape(x, [1, 6, 16]), [0, 2, 1])
      let dense = network.operation(
        .fullyConnected(FullyConnectedAttributes(activation: .none, keepsDimensions: true)),
        [rows, network.constant([5, 6])], [1, 16, 5])
      return network.reshape(network.transpose(dense, [0, 2, 1]), [1, 5, 4, 4])
    },
  ]

  @Test("no transpose stays between two convolutions", arguments: middles)
  func between(_ middle: Middle) throws {
    var network = ChannelsFirstNetwork("between")
    let x = network.convolution(network.input([1, 3, 4, 4]), 6)
    let y = network.convolution(middle.build(&network, x), 2)
    let check = try PassCheck(network.graph(y), [TransposeElimination()])
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 2)
    _ = try PassCheck(network.graph(y))
  }

  @Test("a sum repeats by itself what an operator in front of it repeats")
  func broadcast() throws {
    var network = ChannelsFirstNetwork("broadcast")
    let x = network.convolution(network.input([1, 3, 4, 4]), 6)
    let repeated = network.operation(.broadcast, [network.mean(x)], [1, 6, 4, 4])
    let tiled = network.operation(.tile(multiples: [1, 1, 4, 4]), [network.mean(x)], [1, 6, 4, 4])
    let y = network.binary(.multiply(.none), tiled, network.add(x, repeated))
    let kept = network.operation(.broadcast, [network.mean(y)], [1, 6, 2, 2])
    let check = try PassCheck(network.graph(y, kept), [BroadcastElimination()])
    #expect(check.labels["tile"] == nil)
    #expect(check.labels["broadcast"] == 1)
  }

  @Test("an intermediate tensor that is an output too keeps its layout and name")
  func intermediateOutput() throws {
    var network = ChannelsFirstNetwork("taps")
    let x = network.relu(network.convolution(network.input([1, 3, 4, 4]), 6))
    let y = network.relu(network.convolution(x, 2))
    let flat = network.flatten(y)
    let check = try PassCheck(network.graph(x, flat, y))
    #expect(check.inner == [])
  }

  @Test("matrices read transposed instead of being transposed")
  func matrixProduct() throws {
    var network = ChannelsFirstNetwork("attention")
    let x = network.input([1, 5, 8])
    let y = network.input([1, 5, 8])
    let turned = network.transpose(network.relu(y), [0, 2, 1])
    let scores = network.operation(
      .batchMatMul(transposesFirst: false, transposesSecond: false),
      [network.relu(x), turned], [1, 5, 5])
    let check = try PassCheck(network.graph(scores), [TransposeElimination()])
    #expect(check.labels["transpose"] == nil)
  }

  @Test("dimensions of 1 change places by a reshape")
  func dimensionsOfOne() throws {
    var network = ChannelsFirstNetwork("mono")
    let x = network.convolution(network.input([1, 1, 6, 6]), 4)
    let check = try PassCheck(network.graph(network.flatten(network.mean(x))))
    #expect(check.labels["transpose"] == nil)
  }

  @Test("a transpose that a model needs stays, and the pass comes to an end")
  func realMovement() throws {
    var network = ChannelsFirstNetwork("movement")
    let x = network.softmax(network.transpose(network.relu(network.input([1, 4, 6])), [0, 2, 1]))
    let y = network.softmax(network.transpose(x, [0, 2, 1]))
    let check = try PassCheck(network.graph(y))
    #expect(check.labels["transpose"] == 2)
  }

  @Test("thousands of operators take no more than linear time")
  func long() throws {
    var network = ChannelsFirstNetwork("long")
    var x = network.input([1, 2, 2, 2])
    for _ in 0..<1000 {
      x = network.relu(network.add(network.depthwise(x, kernel: 1), x))
    }
    var graph = network.graph(x)
    let clock = ContinuousClock()
    let time = try clock.measure { _ = try OptimizationPasses.run(on: &graph) }
    #expect(graph.operators.count == 2002)
    #expect(time < .seconds(4))
  }
}

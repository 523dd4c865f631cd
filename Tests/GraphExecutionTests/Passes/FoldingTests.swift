// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

/// Constants that go into weights, and functions that go into operators.
@Suite struct FoldingTests {
  @Test("every weighted operator takes the product and the sum behind it", arguments: 0..<5)
  func behind(kind: Int) throws {
    var network = ChannelsFirstNetwork("behind")
    var x: TensorID
    let constants: Shape
    if kind == 3 {
      x = network.dense(network.input([2, 6]), 4)
      constants = [4]
    } else {
      let input = network.input([1, 4, 4, 4])
      switch kind {
      case 0: x = network.convolution(input, 4, kernel: 3, padding: 1, hasBias: true)
      case 1: x = network.depthwise(input)
      case 2: x = network.convolution(input, 4, groups: 2)
      default:
        let attributes = TransposeConvAttributes(
          stride: Spatial(height: 2, width: 2), padding: .valid, activation: .none,
          outputSize: Spatial(height: 8, width: 8))
        x = network.onImage(
          .transposeConv(attributes), input, [network.constant([4, 2, 2, 4])], [1, 8, 8, 4])
      }
      constants = [4, 1, 1]
    }
    x = network.binary(.subtract(.none), network.constant(constants), x)
    x = network.binary(.divide(.none), x, network.constant(constants, in: 0.5...2))
    x = network.binary(.multiply(.none), network.constant([]), x)
    x = network.add(x, network.constant(constants))
    let check = try PassCheck(network.graph(network.relu(x)))
    #expect(
      check.graph.operators.count { !$0.kind.label.hasPrefix("transpose") } == (kind == 4 ? 0 : 1))
    #expect(check.labels["relu"] == nil)
    #expect(check.labels["add"] == nil)
  }

  @Test("a layer without padding takes what stands in front of it", arguments: [0, 1])
  func before(padding: Int) throws {
    var network = ChannelsFirstNetwork("before")
    let x = network.softmax(network.input([1, 4, 5, 5]))
    let y = network.convolution(
      network.normalization(x), 4, kernel: 3, padding: padding, groups: 2)
    let check = try PassCheck(network.graph(y))
    // What is padded is 0 behind the normalization, so that only the product goes.
    #expect(check.labels["depthwise_conv2d"] == nil)
    #expect(check.labels["mul"] == nil)
    #expect(check.labels["add"] == (padding == 0 ? nil : 1))
  }

  @Test("depthwise convolutions with several outputs a channel take them too")
  func multiplier() throws {
    var network = ChannelsFirstNetwork("multiplier")
    let x = network.softmax(network.input([1, 4, 5, 5]))
    let y = network.depthwise(network.normalization(x), kernel: 1, multiplier: 2)
    let check = try PassCheck(network.graph(network.normalization(y)))
    #expect(check.labels["depthwise_conv2d"] == 1)
    #expect(check.labels["mul"] == nil)
    #expect(check.labels["add"] == nil)
  }

  @Test("a result that is read twice stays as it is")
  func sharedResult() throws {
    var network = ChannelsFirstNetwork("shared")
    let x = network.convolution(network.input([1, 3, 4, 4]), 4)
    let y = network.concatenate([x, network.normalization(x)])
    let check = try PassCheck(network.graph(network.relu(y)))
    #expect(check.labels["conv2d"] == 1)
    #expect(check.labels["depthwise_conv2d"] == 1)
  }

  @Test("a chain of sums and products that no layer takes is one product and one sum")
  func chain() throws {
    var network = ChannelsFirstNetwork("chain")
    var x = network.softmax(network.input([1, 4, 6]))
    for index in 0..<4 {
      let constant = network.constant(index.isMultiple(of: 2) ? [6] : [], in: 0.5...1.5)
      x = network.binary(.divide(.none), network.add(x, constant), network.constant([6], in: 1...2))
    }
    let check = try PassCheck(network.graph(x), [AffineMerging(), DeadCodeRemoval()])
    #expect(check.labels == ["softmax": 1, "mul": 1, "add": 1])
    let all = try PassCheck(network.graph(x))
    #expect(all.labels == ["softmax": 1, "reshape": 2, "depthwise_conv2d": 1])
  }

  @Test("a constant that would make a product infinite is not taken")
  func infinite() throws {
    var network = ChannelsFirstNetwork("infinite")
    let x = network.convolution(network.input([1, 3, 4, 4]), 2)
    let zero = network.constant([2, 1, 1], [0, 1])
    var graph = network.graph(network.binary(.divide(.none), x, zero))
    try OptimizationPasses.run(on: &graph)
    #expect(graph.operators.contains { $0.kind == .binary(.divide(.none)) })
  }

  @Test(
    "clipping between constants becomes the activation with these bounds",
    arguments: [(0, Float.infinity, Activation.relu), (0, 6, .relu6), (-1, 1, .reluN1To1)]
      as [(Float, Float, Activation)])
  func clipping(lower: Float, upper: Float, activation: Activation) throws {
    var network = ChannelsFirstNetwork("clip")
    var x = network.convolution(network.input([1, 3, 4, 4]), 4)
    x = network.binary(.maximum, network.constant([], [lower]), x)
    x = network.binary(.minimum, x, network.constant([1], [upper]))
    let check = try PassCheck(network.graph(x))
    #expect(check.labels == ["transpose": 2, "conv2d": 1])
    #expect(check.graph.operators[1].kind.activation == activation)
    #expect(check.graph.operators[1].sourceIndices.count > 2)
  }

  @Test("bounds that no activation has become a function, or stay")
  func otherBounds() throws {
    var network = ChannelsFirstNetwork("bounds")
    var x = network.convolution(network.input([1, 3, 4, 4]), 4)
    x = network.binary(.minimum, x, network.constant([], [1]))
    x = network.binary(.maximum, x, network.constant([], [0]))
    let unit = try PassCheck(network.graph(x))
    #expect(unit.labels == ["transpose": 2, "conv2d": 1, "relu_0_to_1": 1])
    x = network.binary(.maximum, x, network.constant([], [0.25]))
    let stays = try PassCheck(network.graph(x))
    #expect(stays.labels["maximum"] == 1)
  }

  @Test("limits of limits: ReLU6 behind ReLU, ReLU twice")
  func limitsOfLimits() throws {
    var network = ChannelsFirstNetwork("limits")
    let x = network.relu(network.relu(network.convolution(network.input([1, 3, 4, 4]), 4)))
    let y = network.unary(.relu6, network.relu(network.add(x, x)))
    let check = try PassCheck(network.graph(y))
    #expect(check.labels == ["transpose": 2, "conv2d": 1, "add": 1])
    #expect(check.graph.operators[2].kind == .add(.relu6))
  }

  @Test("a ReLU behind a maximum pool goes to the convolution before it")
  func behindPool() throws {
    var network = ChannelsFirstNetwork("pool")
    let x = network.pool(network.convolution(network.input([1, 3, 4, 4]), 4), size: 2)
    let check = try PassCheck(network.graph(network.relu(x)))
    #expect(check.graph.operators[1].kind.activation == .relu)
    #expect(check.graph.operators[2].kind.activation == Activation.none)
  }

  @Test("hard swish in every spelling is one operator", arguments: 0..<4)
  func hardSwish(spelling: Int) throws {
    var network = ChannelsFirstNetwork("swish")
    let x = network.convolution(network.input([1, 3, 4, 4]), 4)
    func constant(_ value: Float) -> TensorID { network.constant([], [value]) }
    var y: TensorID
    switch spelling {
    case 0:
      y = network.unary(.relu6, network.add(x, constant(3)))
      y = network.binary(.multiply(.none), x, network.binary(.divide(.none), y, constant(6)))
    case 1:
      y = network.unary(.relu6, network.add(x, constant(3)))
      y = network.binary(.divide(.none), network.binary(.multiply(.none), y, x), constant(6))
    case 2:
      y = network.add(network.binary(.multiply(.none), x, constant(1 / 6)), constant(0.5))
      y = network.binary(.maximum, y, constant(0))
      y = network.binary(.minimum, y, constant(1))
      y = network.binary(.multiply(.none), y, x)
    default:
      y = network.add(network.binary(.multiply(.none), x, constant(1 / 6)), constant(0.5))
      y = network.binary(.multiply(.none), network.unary(.relu0To1, y), x)
    }
    let check = try PassCheck(network.graph(y))
    #expect(check.labels == ["transpose": 2, "conv2d": 1, "hard_swish": 1])
  }

  @Test("something close to hard swish stays what it is")
  func notHardSwish() throws {
    var network = ChannelsFirstNetwork("swish")
    let x = network.convolution(network.input([1, 3, 4, 4]), 4)
    var y = network.unary(.relu6, network.add(x, network.constant([], [3])))
    y = network.binary(
      .multiply(.none), x, network.binary(.multiply(.none), y, network.constant([], [0.2])))
    #expect(try PassCheck(network.graph(y)).labels["hard_swish"] == nil)
  }

  @Test("the larger of x and a part of x is leaky ReLU")
  func leaky() throws {
    var network = ChannelsFirstNetwork("leaky")
    let x = network.convolution(network.input([1, 3, 4, 4]), 4)
    let part = network.binary(.multiply(.none), x, network.constant([], [0.125]))
    let check = try PassCheck(network.graph(network.binary(.maximum, part, x)))
    #expect(check.labels == ["transpose": 2, "conv2d": 1, "leaky_relu": 1])
  }

  @Test("padding goes into convolutions, and into maximum pools behind a ReLU")
  func padding() throws {
    var network = ChannelsFirstNetwork("padding")
    let input = network.input([1, 3, 5, 5])
    let around = PadAttributes(before: [0, 0, 1, 1], after: [0, 0, 1, 1])
    var x = network.operation(.pad(around), [input], [1, 3, 7, 7])
    x = network.relu(network.convolution(x, 4, kernel: 3))
    x = network.operation(.pad(around), [x], [1, 4, 7, 7])
    let check = try PassCheck(network.graph(network.pool(x, size: 2)))
    #expect(check.labels == ["transpose": 2, "conv2d": 1, "max_pool2d": 1])
  }

  @Test(
    "a product with a constant matrix and a sum are a fully connected layer",
    arguments: [false, true])
  func matrix(isTransposed: Bool) throws {
    var network = ChannelsFirstNetwork("matrix")
    let x = network.softmax(network.input([1, 4, 6]))
    let matrix = network.constant(isTransposed ? [5, 6] : [6, 5])
    let y = network.operation(
      .batchMatMul(transposesFirst: false, transposesSecond: isTransposed), [x, matrix], [1, 4, 5])
    let check = try PassCheck(network.graph(network.relu(network.add(network.constant([5]), y))))
    #expect(check.labels == ["softmax": 1, "fully_connected": 1])
    #expect(check.graph.operators[1].kind.activation == .relu)
  }

  @Test("equal operators on equal operands are computed once, outputs are not merged")
  func commonSubexpressions() throws {
    var network = ChannelsFirstNetwork("common")
    let x = network.softmax(network.input([1, 4]))
    let a = network.unary(.tanh, network.add(x, network.constant([4], [1, 2, 3, 4])))
    let b = network.unary(.tanh, network.add(x, network.constant([4], [1, 2, 3, 4])))
    let both = try PassCheck(network.graph(network.binary(.subtract(.none), a, b)))
    #expect(both.labels == ["softmax": 1, "add": 1, "tanh": 1, "sub": 1])
    #expect(try PassCheck(network.graph(a, b)).labels["tanh"] == 2)
  }

  @Test("a network with quantized tensors is left to passes that keep bits")
  func quantized() throws {
    var graph = SampleGraphs.convolutional(type: .int8)
    let hash = graph.graphSHA256
    let applied = try OptimizationPasses.run(on: &graph)
    let keeping = Set(OptimizationPasses.all.filter(\.keepsBits).map(\.name))
    #expect(applied.allSatisfy { keeping.contains($0.name) })
    #expect(graph.graphSHA256 == hash || !applied.isEmpty)
  }

  @Test("passes have names and summaries of their own")
  func names() {
    let passes = OptimizationPasses.all
    #expect(Set(passes.map(\.name)).count == passes.count)
    #expect(passes.allSatisfy { !$0.summary.isEmpty })
  }
}

// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

/// Networks as ONNX files give them, after all passes.
@Suite struct ArchitectureTests {
  @Test("convolution, batch normalization, ReLU, pool and a dense layer become four operators")
  func plain() throws {
    var network = ChannelsFirstNetwork("plain")
    let input = network.input([1, 3, 8, 8])
    var x = network.relu(
      network.normalization(network.convolution(input, 8, kernel: 3, padding: 1)))
    x = network.pool(x, size: 2)
    x = network.softmax(network.dense(network.flatten(x), 5))
    let check = try PassCheck(network.graph(x))
    #expect(
      check.labels == [
        "transpose": 1, "conv2d": 1, "max_pool2d": 1, "reshape": 1, "fully_connected": 1,
        "softmax": 1,
      ])
    #expect(check.inner == [])
    #expect(check.graph.operators[1].kind.activation == .relu)
    #expect(check.graph.operators[1].inputs.count == 3)
    #expect(check.applications.map(\.name).contains("transpose-elimination"))
  }

  @Test("a residual network keeps no transpose behind its input")
  func residual() throws {
    var network = ChannelsFirstNetwork("residual")
    let input = network.input([1, 3, 8, 8])
    var x = network.relu(
      network.normalization(network.convolution(input, 8, kernel: 3, padding: 1)))
    for _ in 0..<3 {
      var y = network.relu(
        network.normalization(network.convolution(x, 8, kernel: 3, padding: 1)))
      y = network.normalization(network.convolution(y, 8, kernel: 3, padding: 1))
      x = network.relu(network.add(y, x))
    }
    x = network.dense(network.flatten(network.mean(x)), 4)
    let check = try PassCheck(network.graph(x))
    #expect(
      check.labels == [
        "transpose": 1, "conv2d": 7, "add": 3, "mean": 1, "reshape": 1, "fully_connected": 1,
      ])
    #expect(check.inner == [])
  }

  @Test("a dense network: what no convolution takes is one depthwise convolution")
  func denselyConnected() throws {
    var network = ChannelsFirstNetwork("densenet")
    var x = network.convolution(network.input([1, 3, 8, 8]), 6, kernel: 3, padding: 1)
    for _ in 0..<2 {
      let y = network.relu(network.normalization(x))
      x = network.concatenate([x, network.convolution(y, 4, kernel: 3, padding: 1)])
    }
    x = network.relu(network.normalization(x))
    x = network.dense(network.flatten(network.pool(x, size: 8, isAverage: true)), 4)
    let check = try PassCheck(network.graph(x))
    #expect(
      check.labels == [
        "transpose": 1, "conv2d": 3, "depthwise_conv2d": 3, "concatenation": 2, "mean": 1,
        "reshape": 1, "fully_connected": 1,
      ])
    #expect(check.inner == [])
  }

  @Test("parallel branches joined along channels, with every layout of the classifier")
  func inception() throws {
    for classifier in 0..<3 {
      var network = ChannelsFirstNetwork("inception")
      let x = network.relu(network.convolution(network.input([1, 3, 8, 8]), 6))
      var joined = network.concatenate([
        network.relu(network.convolution(x, 4)),
        network.relu(network.convolution(x, 5, kernel: 3, padding: 1)),
        network.relu(network.convolution(network.relu(network.convolution(x, 2)), 3)),
      ])
      switch classifier {
      case 0: joined = network.dense(network.flatten(joined), 4)
      case 1:
        joined = network.convolution(joined, 4)
        joined = network.softmax(network.flatten(network.mean(joined)))
      default:
        joined = network.dense(network.mean(joined, keepsDimensions: false), 4)
      }
      let check = try PassCheck(network.graph(joined))
      #expect(check.inner == [])
      #expect(check.labels["transpose"] == 1)
      #expect(check.labels["relu"] == nil)
    }
  }

  @Test("squeeze and excite: the factors of channels need no movement")
  func squeezeAndExcite() throws {
    var network = ChannelsFirstNetwork("excite")
    let x = network.convolution(network.input([1, 3, 6, 6]), 8, kernel: 3, padding: 1)
    var s = network.mean(x, keepsDimensions: false)
    s = network.unary(.logistic, network.dense(network.relu(network.dense(s, 2)), 8))
    let scaled = network.binary(.multiply(.none), x, network.reshape(s, [1, 8, 1, 1]))
    let y = network.dense(network.flatten(network.convolution(scaled, 4)), 3)
    let check = try PassCheck(network.graph(y))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 1)
    #expect(check.labels["mul"] == 1)
  }

  @Test("a shuffle of channels becomes a gather along the last dimension")
  func channelShuffle() throws {
    var network = ChannelsFirstNetwork("shuffle")
    var x = network.relu(network.convolution(network.input([1, 3, 6, 6]), 8, groups: 1))
    for _ in 0..<2 {
      var y = network.relu(network.convolution(x, 8, groups: 2))
      y = network.depthwise(network.shuffle(y, groups: 2))
      x = network.relu(network.add(x, network.convolution(y, 8, groups: 2)))
    }
    let check = try PassCheck(network.graph(network.dense(network.flatten(network.mean(x)), 3)))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 1)
    #expect(check.labels["gather"] == 2)
  }

  @Test("a shuffle next to an ordinary convolution goes into its weights")
  func shuffleIntoWeights() throws {
    var network = ChannelsFirstNetwork("shuffle")
    var x = network.relu(network.convolution(network.input([1, 3, 6, 6]), 8))
    x = network.convolution(network.shuffle(x, groups: 4), 8, groups: 4)
    x = network.convolution(network.shuffle(network.relu(x), groups: 2), 6)
    let check = try PassCheck(network.graph(network.dense(network.flatten(network.mean(x)), 3)))
    #expect(check.inner == [])
    #expect(check.labels["gather"] == nil)
  }

  @Test("images as output: the one transpose stands in front of it")
  func segmentation() throws {
    var network = ChannelsFirstNetwork("segmentation")
    let x = network.relu(
      network.convolution(network.input([1, 3, 8, 8]), 8, kernel: 3, padding: 1))
    let down = network.relu(network.convolution(network.pool(x, size: 2), 8))
    let up = network.onImage(
      .resizeNearestNeighbor(alignCorners: false, halfPixelCenters: false), down, [], [1, 8, 8, 8])
    var y = network.convolution(network.concatenate([x, up]), 4)
    y = network.transpose(network.softmax(network.transpose(y, [0, 2, 3, 1])), [0, 3, 1, 2])
    let check = try PassCheck(network.graph(y))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 2)
  }

  @Test("what stands between the input and the first convolution works on the transposed input")
  func preprocessing() throws {
    var network = ChannelsFirstNetwork("preprocessing")
    let input = network.input([1, 3, 8, 8])
    let centred = network.binary(.subtract(.none), input, network.constant([3, 1, 1]))
    let scaled = network.binary(.divide(.none), centred, network.constant([3, 1, 1], in: 1...3))
    let x = network.convolution(scaled, 4, kernel: 3, padding: 1)
    let check = try PassCheck(network.graph(network.flatten(network.mean(x))))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 1)
    #expect(check.labels["div"] == nil)
  }

  @Test("a decoder: the order of an image goes into the weights of the dense layer before it")
  func decoder() throws {
    var network = ChannelsFirstNetwork("decoder")
    let x = network.relu(network.dense(network.input([1, 5]), 4 * 3 * 3))
    var y = network.reshape(x, [1, 4, 3, 3])
    y = network.relu(network.convolution(y, 6, kernel: 3, padding: 1))
    let check = try PassCheck(network.graph(network.dense(network.flatten(y), 7)))
    #expect(check.labels["transpose"] == nil)
    #expect(check.inner == [])
  }

  @Test("a convolution over time as one over images")
  func temporal() throws {
    var network = ChannelsFirstNetwork("temporal")
    var x = network.input([1, 4, 20])
    for _ in 0..<2 {
      let image = network.reshape(x, [1, network.shape(x)[1], 1, network.shape(x)[2]])
      let y = network.relu(network.normalization(network.convolution(image, 6)))
      x = network.reshape(y, [1, 6, network.shape(y)[3]])
    }
    let check = try PassCheck(network.graph(network.dense(network.flatten(x), 3)))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 1)
    #expect(check.labels["conv2d"] == 2)
  }

  @Test("batches of several rows keep their order", arguments: [2, 3])
  func batches(count: Int) throws {
    var network = ChannelsFirstNetwork("batches")
    var x = network.relu(network.convolution(network.input([count, 3, 4, 4]), 4))
    x = network.add(x, network.convolution(x, 4, kernel: 3, padding: 1))
    let check = try PassCheck(network.graph(network.dense(network.flatten(x), 3)))
    #expect(check.inner == [])
    #expect(check.labels["transpose"] == 1)
  }
}

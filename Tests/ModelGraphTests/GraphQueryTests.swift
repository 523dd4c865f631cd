// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct GraphQueryTests {
  let graph = SampleGraphs.convolutional(type: .int8)

  @Test("an activation has one producer and all its readers, each once")
  func findsNeighbours() {
    #expect(graph.producer(of: TensorID(3)) == 0)
    #expect(graph.consumers(of: TensorID(3)) == [1, 2])
    #expect(graph.producers[TensorID(7)] == 2)
    #expect(graph.consumers[TensorID(3)] == [1, 2])
  }

  @Test("inputs and constants have no producer, outputs no reader")
  func findsEnds() {
    #expect(graph.producer(of: TensorID(0)) == nil)
    #expect(graph.producers[TensorID(1)] == nil)
    #expect(graph.consumers(of: TensorID(14)).isEmpty)
  }
}

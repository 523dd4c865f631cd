// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct MultiplyAccumulateTests {
  @Test("every operator with weights counts one per weight and position")
  func countsPerOperator() throws {
    let graph = SampleGraphs.convolutional(type: .int8)
    let counts = graph.operators.indices.map { graph.multiplyAccumulates(of: $0) }
    // 3x5 positions: 4 filters of 3x3x2; 4 channels of 3x3; then none but 4 to 3.
    #expect(counts == [15 * 4 * 18, 15 * 4 * 9, 0, 0, 0, 12, 0])
    #expect(graph.multiplyAccumulates == 1080 + 540 + 12)
  }

  @Test("groups divide the work")
  func countsGroups() {
    // 1x3 positions, 6 filters of 2x2 over half of 4 channels.
    #expect(SampleGraphs.maxPooling.multiplyAccumulates(of: 2) == 3 * 6 * 8)
  }
}

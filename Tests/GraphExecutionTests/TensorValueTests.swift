// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import Testing

@Suite struct TensorValueTests {
  @Test func floatsComeBackAsTheyWent() {
    let value = TensorValue(shape: [2, 2], floats: [1, -2, .infinity, 0.5])
    #expect(value.floats == [1, -2, .infinity, 0.5])
  }

  @Test func integersAreNoFloats() {
    let value = TensorValue(shape: [1], elementType: .int32, bytes: [1, 0, 0, 0])
    #expect(value.floats == nil)
  }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Quantization

@Suite struct CalibrationDataTests {
  @Test func aRowIsTheElementsOfOneSample() {
    let data = CalibrationData(inputs: [[1, 2, 3, 4, 5, 6], [7, 8, 9]], rowCount: 3)
    #expect(Array(data.row(1, ofInput: 0)) == [3, 4])
    #expect(Array(data.row(2, ofInput: 1)) == [9])
  }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Benchmarking

@Suite struct InputDisturbanceTests {
  @Test func noiseHasTheStatedPowerAndIsReproducible() {
    let values = (0..<20_000).map { Float(sin(Double($0))) }
    let disturbance = InputDisturbance.noise(decibelsBelow: 20)
    let noisy = disturbance.applied(to: values, rowCount: 4)
    let noise = zip(values, noisy).reduce(0.0) { $0 + pow(Double($1.1 - $1.0), 2) }
    let signal = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(10 * log10(signal / noise) - 20) < 0.2)
    #expect(disturbance.applied(to: values, rowCount: 4) == noisy)
  }

  @Test func gainMultipliesAndOffsetMovesByAShareOfTheRange() {
    #expect(InputDisturbance.gain(2).applied(to: [1, -3], rowCount: 1) == [2, -6])
    #expect(InputDisturbance.offset(0.5).applied(to: [0, 4], rowCount: 1) == [2, 6])
  }

  @Test func aSensorOfOneBitKnowsTwoValues() {
    let values: [Float] = [0, 1, 2, 3, 4]
    let coarse = InputDisturbance.sensor(bits: 1).applied(to: values, rowCount: 1)
    #expect(Set(coarse) == [0, 4])
  }

  @Test func constantInputsStayWhatTheyAre() {
    #expect(InputDisturbance.sensor(bits: 4).applied(to: [2, 2], rowCount: 2) == [2, 2])
    #expect(InputDisturbance.offset(0.1).applied(to: [2, 2], rowCount: 2) == [2, 2])
  }

  @Test func everyUsualDisturbanceHasANameOfItsOwn() {
    #expect(Set(InputDisturbance.usual.map(\.label)).count == InputDisturbance.usual.count)
    #expect(InputDisturbance.gain(1.25).label == "gain 1.25")
    #expect(InputDisturbance.offset(-0.1).label == "offset -10 %")
  }
}

// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import Testing

@Suite struct UncertaintyTests {
  /// GUM annex H.1 (end gauge calibration): components in nm with their degrees of freedom; the
  /// standard states u_c = 32 nm, ν_eff = 16 (from rounded values), k(99 %) = 2.92, U = 93 nm.
  @Test("the end gauge of GUM annex H.1 comes out as printed there")
  func endGauge() {
    let budget = UncertaintyBudget([
      UncertaintyComponent(
        name: "standard", standardUncertainty: 25, degreesOfFreedom: 18, evaluation: .knowledge),
      UncertaintyComponent(
        name: "difference", standardUncertainty: 9.7, degreesOfFreedom: 25.6, evaluation: .scatter),
      UncertaintyComponent(
        name: "expansion", standardUncertainty: 2.9, degreesOfFreedom: 50, evaluation: .knowledge),
      UncertaintyComponent(
        name: "temperature", standardUncertainty: 16.6, degreesOfFreedom: 2, evaluation: .knowledge),
    ])
    #expect(abs(budget.combinedStandardUncertainty - 31.7) < 0.1)
    #expect(abs(budget.effectiveDegreesOfFreedom - 16.7) < 0.5)
    let k = StudentT.coverageFactor(level: 0.99, degreesOfFreedom: 16)
    #expect(abs(k - 2.92) < 0.005)
    #expect(abs(k * budget.combinedStandardUncertainty - 93) < 0.5)
  }

  @Test("a budget without finite degrees of freedom uses the normal factor")
  func normalFactor() {
    let budget = UncertaintyBudget([
      UncertaintyComponent(name: "a", standardUncertainty: 3, evaluation: .knowledge),
      UncertaintyComponent(name: "b", standardUncertainty: 4, evaluation: .knowledge),
    ])
    #expect(budget.combinedStandardUncertainty == 5)
    #expect(budget.effectiveDegreesOfFreedom == .infinity)
    #expect(abs(budget.expandedUncertainty() - 9.799819922700271) < 1e-12)
  }

  @Test("components that nothing can be said about widen nothing")
  func empty() {
    #expect(UncertaintyBudget([]).expandedUncertainty() == 0)
    let zero = UncertaintyComponent(
      name: "none", standardUncertainty: 0, degreesOfFreedom: 4, evaluation: .scatter)
    #expect(UncertaintyBudget([zero]).expandedUncertainty() == 0)
  }

  @Test("a stated number becomes a standard uncertainty by its meaning")
  func meanings() {
    let limit = SystematicTerm(name: "shunt", relative: 0.001)
    #expect(abs(limit.component(of: 200).standardUncertainty - 0.2 / 3.0.squareRoot()) < 1e-15)
    let expanded = SystematicTerm(name: "model", relative: 0.5, meaning: .expanded95)
    #expect(abs(expanded.relativeStandardUncertainty * 1.9599639845400542 - 0.5) < 1e-12)
    #expect(
      SystematicTerm(name: "rms", relative: 0.1, meaning: .standard)
        .component(of: -10).standardUncertainty == 1)
  }
}

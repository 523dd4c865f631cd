// SPDX-License-Identifier: Apache-2.0

extension QuantizationSettings {
  /// Refuses settings that make no sense.
  func check() throws(QuantizationError) {
    guard weightByteBudgetRatio > 0, weightByteBudgetRatio <= 1 else {
      throw .illegalSetting(
        name: "The budget of weights", value: "\(weightByteBudgetRatio)",
        remedy: "Give a share above 0 and at most 1 of what int8 weights take.")
    }
    if let threads, threads < 1 {
      throw .illegalSetting(
        name: "The number of threads", value: "\(threads)", remedy: "Give at least 1.")
    }
  }
}

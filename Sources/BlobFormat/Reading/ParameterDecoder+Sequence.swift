// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Kernels that run over sequences.
extension ParameterDecoder {
  func lstm(_ p: shunt_lstm_params_t) -> [KernelParameter] {
    [
      KernelParameter("batches", p.batches), KernelParameter("steps", p.steps),
      KernelParameter("inputs", p.inputs), KernelParameter("units", p.units),
      KernelParameter("time_major", p.time_major), KernelParameter("table", p.table),
      KernelParameter("cell", p.cell_multiplier, p.cell_shift),
      KernelParameter("cell_clamp", p.cell_min, p.cell_max),
      KernelParameter("update", p.update_multiplier, p.update_shift),
      KernelParameter("output", p.output_multiplier, p.output_shift),
      KernelParameter("output_zero_point", p.output_zero_point),
    ] + gate("input_gate", p.sums.0) + gate("forget_gate", p.sums.1)
      + gate("candidate", p.sums.2) + gate("output_gate", p.sums.3)
  }

  private func gate(
    _ name: String, _ sums: (shunt_lstm_sum_t, shunt_lstm_sum_t)
  ) -> [KernelParameter] {
    [("input", sums.0), ("hidden", sums.1)].map { part, sum in
      KernelParameter(
        "\(name)_\(part)", Int(sum.weights), Int(sum.biases), Int(sum.multiplier), Int(sum.shift))
    }
  }

  func svdf(_ p: shunt_svdf_params_t) -> [KernelParameter] {
    [
      KernelParameter("batches", p.batches), KernelParameter("inputs", p.inputs),
      KernelParameter("units", p.units), KernelParameter("rank", p.rank),
      KernelParameter("memory", p.memory), KernelParameter("features", p.features),
      KernelParameter("times", p.times), KernelParameter("feature_biases", p.feature_biases),
      KernelParameter("biases", p.biases),
      KernelParameter("feature", p.feature_multiplier, p.feature_shift),
      KernelParameter("state_zero_point", p.state_zero_point),
      KernelParameter("output", p.output_multiplier, p.output_shift),
      KernelParameter("output_zero_point", p.output_zero_point),
    ]
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels
internal import Foundation

/// Energies of values and of their errors, for each of some tensors.
struct OutputError: Sendable {
  private(set) var signal: [Double]
  private(set) var noise: [Double]

  init(count: Int) {
    signal = [Double](repeating: 0, count: count)
    noise = signal
  }

  /// The error of one tensor in one row.
  init(_ reference: [Float], _ values: [Float]) {
    self.init(count: 1)
    reference.withUnsafeBufferPointer { reference in
      values.withUnsafeBufferPointer { add(0, reference: reference, values: $0) }
    }
  }

  /// Adds a tensor's values in one row.
  mutating func add(
    _ target: Int, reference: UnsafeBufferPointer<Float>,
    values: UnsafeBufferPointer<Float>
  ) {
    guard let expected = reference.baseAddress, let actual = values.baseAddress else { return }
    var (energy, error) = (0.0, 0.0)
    MatrixProduct.kernels.add_energies(
      expected, actual, min(reference.count, values.count), &energy, &error)
    signal[target] += energy
    noise[target] += error
  }

  mutating func add(_ other: OutputError) {
    for target in signal.indices {
      signal[target] += other.signal[target]
      noise[target] += other.noise[target]
    }
  }

  /// Error energy over signal energy, the mean of all tensors.
  var ratio: Double {
    let ratios = zip(signal, noise).map { signal, noise in
      noise == 0 ? 0 : noise / max(signal, .leastNormalMagnitude)
    }
    return ratios.reduce(0, +) / Double(max(1, ratios.count))
  }

  /// The ratio in decibels; `nil` without error or signal.
  var decibels: Double? { Self.decibels(ratio: ratio) }

  /// A ratio of error to signal as decibels of signal to error.
  static func decibels(ratio: Double) -> Double? {
    let value = -10 * log10(ratio)
    return value.isFinite ? value : nil
  }
}

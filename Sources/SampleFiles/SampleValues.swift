// SPDX-License-Identifier: Apache-2.0
internal import TensorFiles

/// The arithmetic of a ``TensorFiles/Preprocessing``: `(sample * scale - mean) / deviation`.
struct SampleValues: Sendable {
  private let scale: Float
  private let means: [Float]
  private let deviations: [Float]

  /// Spreads single numbers over the channels.
  init(
    _ preprocessing: Preprocessing, defaultScale: Float, channels: Int, path: String
  ) throws(SampleFilesError) {
    scale = preprocessing.scale ?? defaultScale
    means = try Self.spread(preprocessing.mean ?? [0], channels, "mean", path)
    deviations = try Self.spread(preprocessing.deviation ?? [1], channels, "std", path)
  }

  /// The network's value for a sample.
  func value(_ sample: Float, channel: Int) -> Float {
    (sample * scale - means[channel]) / deviations[channel]
  }

  private static func spread(
    _ values: [Float], _ channels: Int, _ key: String, _ path: String
  ) throws(SampleFilesError) -> [Float] {
    if values.count == 1 { return [Float](repeating: values[0], count: channels) }
    guard values.count == channels else {
      throw .unsuitable(
        path: path,
        reason: "`\(key)` of the model's YAML file has \(values.count) numbers, but the network's "
          + "input \(channels) channels",
        remedy: "state one number, or one for each channel")
    }
    return values
  }
}

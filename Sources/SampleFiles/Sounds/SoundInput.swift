// SPDX-License-Identifier: Apache-2.0
internal import TensorFiles

/// How sounds become the elements of one input of a network: its samples from the middle of the
/// sound, with silence around shorter ones.
struct SoundInput: Sendable {
  private let count: Int
  private let sampleRateHz: Int?
  private let values: SampleValues

  /// Describes an input.
  ///
  /// - Parameters:
  ///   - shape: The input's dimensions without the batch, of which one is larger than 1.
  ///   - path: What messages call the samples.
  init(
    shape: [Int], preprocessing: Preprocessing, path: String
  ) throws(SampleFilesError) {
    guard shape.filter({ $0 > 1 }).count == 1 else {
      throw .unsuitable(
        path: path, reason: "these are sounds, but the network's input is \(shape), no waveform",
        remedy: "compute the features that the network takes, and save them as .npy")
    }
    count = shape.reduce(1, *)
    sampleRateHz = preprocessing.sampleRateHz
    values = try SampleValues(preprocessing, defaultScale: 1, channels: 1, path: path)
  }

  /// The input's elements for a sound.
  func elements(of sound: Sound, path: String) throws(SampleFilesError) -> [Float] {
    if let sampleRateHz, sampleRateHz != sound.sampleRateHz {
      throw .unsuitable(
        path: path,
        reason: "its sample rate is \(sound.sampleRateHz) Hz, the network's \(sampleRateHz) Hz",
        remedy: "convert it, for instance with: sox IN.wav -r \(sampleRateHz) OUT.wav")
    }
    let surplus = sound.samples.count - count
    let cut = surplus > 0 ? sound.samples.dropFirst(surplus / 2).prefix(count) : sound.samples[...]
    let front = max(0, -surplus / 2)
    let silence = values.value(0, channel: 0)
    var result = [Float](repeating: silence, count: count)
    for (index, sample) in cut.enumerated() {
      result[front + index] = values.value(sample, channel: 0)
    }
    return result
  }
}

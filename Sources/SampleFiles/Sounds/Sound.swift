// SPDX-License-Identifier: Apache-2.0
internal import CSndFile

/// A decoded sound: the mean of its channels, -1 ... 1.
struct Sound: Hashable, Sendable {
  /// The most samples that a sound may have over all channels: 64 Mi.
  static let sampleLimit = 1 << 26

  /// Samples in a second.
  var sampleRateHz: Int
  /// The samples.
  var samples: [Float]

  /// Reads a WAV file through the system's libsndfile.
  static func read(_ path: String) throws(SampleFilesError) -> Sound {
    var info = SF_INFO()
    guard let file = sf_open(path, Int32(SFM_READ), &info) else {
      throw .undecodable(path: path, format: "WAV", reason: String(cString: sf_strerror(nil)))
    }
    defer { sf_close(file) }
    let channels = Int(info.channels)
    guard channels > 0, info.frames > 0, info.frames <= Int64(sampleLimit / channels) else {
      throw .undecodable(
        path: path, format: "WAV",
        reason: "it has \(info.frames) samples in \(channels) channels; sounds may have 1 to "
          + "\(sampleLimit)")
    }
    var interleaved = [Float](repeating: 0, count: Int(info.frames) * channels)
    let frames = Int(sf_readf_float(file, &interleaved, info.frames))
    guard frames > 0 else {
      throw .undecodable(path: path, format: "WAV", reason: String(cString: sf_strerror(file)))
    }
    let samples = (0..<frames).map { frame in
      interleaved[frame * channels..<(frame + 1) * channels].reduce(0, +) / Float(channels)
    }
    return Sound(sampleRateHz: Int(info.samplerate), samples: samples)
  }
}

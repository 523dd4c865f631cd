// SPDX-License-Identifier: Apache-2.0

/// How images and sounds become the floats that a network was trained on.
///
/// Each element is `(sample * scale - mean) / deviation`, where samples are 0 ... 255 in images and
/// -1 ... 1 in sounds. What is not stated is left out.
public struct Preprocessing: Hashable, Sendable, Codable {
  /// The order of an image's dimensions.
  public enum Layout: String, Sendable, Codable, CaseIterable {
    /// Channels last.
    case nhwc
    /// Channels first.
    case nchw
  }

  /// The order of an image's channels.
  public enum Colors: String, Sendable, Codable, CaseIterable {
    /// Red first.
    case rgb
    /// Blue first.
    case bgr
    /// One channel: the luma of ITU-R BT.601.
    case gray
  }

  /// How an image of another shape becomes one of the network's shape.
  public enum Fit: String, Sendable, Codable, CaseIterable {
    /// Both sides are scaled, each as it needs.
    case stretch
    /// The largest part of the right proportions is cut out of the middle.
    case crop
    /// What is missing is filled with black, evenly on both sides.
    case pad
  }

  /// The order of the input's dimensions; told by its shape if `nil`.
  public var layout: Layout?
  /// The order of the channels; ``Colors/rgb`` for three and ``Colors/gray`` for one if `nil`.
  public var colors: Colors?
  /// What happens to images of other proportions; ``Fit/stretch`` if `nil`.
  public var fit: Fit?
  /// What samples are multiplied by; 1/255 for images and 1 for sounds if `nil`.
  public var scale: Float?
  /// What is then subtracted: one number, or one a channel; 0 if `nil`.
  public var mean: [Float]?
  /// What it is then divided by: one number, or one a channel; 1 if `nil`.
  public var deviation: [Float]?
  /// The sample rate of sounds, in hertz; sounds of any rate are taken if `nil`.
  public var sampleRateHz: Int?

  /// States nothing.
  public init() {}

  /// The names of the fields, in YAML and JSON.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case layout, colors, fit, scale, mean
    case deviation = "std"
    case sampleRateHz = "sample_rate_hz"
  }
}

extension Preprocessing {
  /// Decodes what is stated; `mean` and `std` may be one number instead of a list.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func numbers(_ key: CodingKeys) throws -> [Float]? {
      if let number = try? container.decode(Float.self, forKey: key) { return [number] }
      return try container.decodeIfPresent([Float].self, forKey: key)
    }
    self.init()
    layout = try container.decodeIfPresent(Layout.self, forKey: .layout)
    colors = try container.decodeIfPresent(Colors.self, forKey: .colors)
    fit = try container.decodeIfPresent(Fit.self, forKey: .fit)
    scale = try container.decodeIfPresent(Float.self, forKey: .scale)
    mean = try numbers(.mean)
    deviation = try numbers(.deviation)
    sampleRateHz = try container.decodeIfPresent(Int.self, forKey: .sampleRateHz)
  }
}

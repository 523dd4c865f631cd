// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How a Resize finds its elements: its attributes.
struct ONNXResamplingMethod {
  /// What elements are made of.
  enum Interpolation { case nearest, linear, cubic }

  /// Where a resized element lies in the input.
  enum Coordinates: String {
    case halfPixel = "half_pixel"
    case symmetricHalfPixel = "half_pixel_symmetric"
    case torchHalfPixel = "pytorch_half_pixel"
    case alignedCorners = "align_corners"
    case asymmetric
    case tensorFlowHalfPixel = "tf_half_pixel_for_nn"
    case cropped = "tf_crop_and_resize"
  }

  /// Which neighbour is the nearest.
  enum Rounding: String {
    case preferFloor = "round_prefer_floor"
    case preferCeiling = "round_prefer_ceil"
    case floor
    case ceiling = "ceil"
  }

  var interpolation: Interpolation
  var coordinates: Coordinates
  var rounding: Rounding
  /// Whether the kernel widens when elements become fewer.
  var isAntialiased = false
  /// Whether what lies outside has no weight; else the outermost element stands for it.
  var excludesOutside = false
  /// The parameter of the cubic kernel.
  var cubicCoefficient = -0.75
  /// What stands for elements outside the input when cropping.
  var extrapolation: Float = 0
  /// For each dimension, the part of it that is resized when cropping, as shares.
  var crop: [(start: Double, end: Double)] = []

  /// What an Upsample asks for, as does Resize of operator set 10.
  init(asUpsampleOf context: ONNXOperatorContext) throws(ONNXProblem) {
    interpolation = try Self.interpolation(context)
    coordinates = .asymmetric
    rounding = .floor
  }

  /// What a Resize asks for.
  init(_ context: ONNXOperatorContext, axisCount: Int) throws(ONNXProblem) {
    try self.init(asUpsampleOf: context)
    guard context.version >= 11 else { return }
    let attributes = context.attributes
    coordinates = try Self.choice(
      attributes, "coordinate_transformation_mode", .halfPixel, Coordinates.init)
    rounding = try Self.choice(attributes, "nearest_mode", .preferFloor, Rounding.init)
    isAntialiased = try attributes.bool("antialias") ?? false
    excludesOutside = try attributes.bool("exclude_outside") ?? false
    cubicCoefficient = Double(try attributes.float("cubic_coeff_a") ?? -0.75)
    extrapolation = try attributes.float("extrapolation_value") ?? 0
    if coordinates == .cropped { crop = try Self.crop(context, axisCount: axisCount) }
  }

  private static func interpolation(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> Interpolation {
    switch try context.attributes.string("mode") ?? "nearest" {
    case "nearest": return .nearest
    case "linear", "bilinear": return .linear
    case "cubic": return .cubic
    case let mode:
      throw .damaged("its mode is \(mode.abbreviatedForMessage), which does not exist")
    }
  }

  private static func choice<Value>(
    _ attributes: ONNXAttributes, _ name: String, _ standard: Value, _ named: (String) -> Value?
  ) throws(ONNXProblem) -> Value {
    guard let text = try attributes.string(name) else { return standard }
    guard let value = named(text) else {
      throw .damaged("its \(name) is \(text.abbreviatedForMessage), which does not exist")
    }
    return value
  }

  private static func crop(
    _ context: ONNXOperatorContext, axisCount: Int
  ) throws(ONNXProblem) -> [(start: Double, end: Double)] {
    guard let bounds = try context.floats(1, "the region"), bounds.count == 2 * axisCount,
      bounds.allSatisfy({ abs($0) <= 1024 })
    else { throw .damaged("its region does not fit \(axisCount) dimensions") }
    return (0..<axisCount).map { (Double(bounds[$0]), Double(bounds[axisCount + $0])) }
  }
}

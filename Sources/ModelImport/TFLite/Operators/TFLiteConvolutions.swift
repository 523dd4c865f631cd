// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads convolutions and fully connected layers. Field numbers: tables Conv2DOptions,
/// DepthwiseConv2DOptions and FullyConnectedOptions of the published schema.
enum TFLiteConvolutions {
  static let entries: [Int: TFLiteOperators.Entry] = [
    3: .init(options: 1, note: "int8 or int4 weights, any groups, any dilation", conv2D),
    4: .init(
      options: 2, note: "int8 or int4 weights, any depth multiplier, any dilation", depthwiseConv2D),
    9: .init(
      options: 8,
      note: "int8 or int4 weights, one scale, or one per output; not the shuffled weights format",
      fullyConnected),
  ]

  static func conv2D(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let image = try source.shape(ofInput: 0, rank: 4, "the image")
    let filter = try source.shape(ofInput: 1, rank: 4, "the filter")
    guard filter[3] > 0, image[3] > 0, image[3].isMultiple(of: filter[3]) else {
      throw .damaged(
        "the image \(image) does not have a multiple of the filter's channels, \(filter)")
    }
    return .conv2D(
      Conv2DAttributes(
        stride: try source.spatial(height: 2, width: 1),
        dilation: try source.spatial(height: 5, width: 4, 1),
        padding: try source.padding(0), activation: try source.activation(3),
        groups: image[3] / filter[3]))
  }

  static func depthwiseConv2D(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> OperatorKind {
    let image = try source.shape(ofInput: 0, rank: 4, "the image")
    let filter = try source.shape(ofInput: 1, rank: 4, "the filter")
    guard image[3] > 0, filter[3].isMultiple(of: image[3]) else {
      throw .damaged(
        "the filter \(filter) does not have a multiple of the image's channels, \(image)")
    }
    // Field 3, depth_multiplier, is redundant and not always set: the shapes rule.
    return .depthwiseConv2D(
      DepthwiseConv2DAttributes(
        stride: try source.spatial(height: 2, width: 1),
        dilation: try source.spatial(height: 6, width: 5, 1),
        padding: try source.padding(0), activation: try source.activation(4),
        depthMultiplier: filter[3] / image[3]))
  }

  static func fullyConnected(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> OperatorKind {
    guard try source.byte(1) == 0 else {
      throw .unsupported(
        reason: "the weights are stored in a shuffled order",
        remedy: "export the model with the default weights format")
    }
    return .fullyConnected(
      FullyConnectedAttributes(
        activation: try source.activation(0), keepsDimensions: try source.bool(2)))
  }
}

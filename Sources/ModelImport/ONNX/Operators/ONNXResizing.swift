// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Resizing images and other tensors.
///
/// Each dimension is resampled by itself, by weights that are known when the file is read. What
/// amounts to one of the graph's own operators becomes that; nearest neighbours else are taken by
/// constant indices, and all other methods are matrix products along each dimension.
enum ONNXResizing {
  static let entries: [String: ONNXOperators.Entry] = [
    "Resize": .init(
      note: "constant scales or sizes", { context throws(ONNXProblem) in [try resize(context)] }),
    "Upsample": .init(
      note: "constant scales", { context throws(ONNXProblem) in [try upsample(context)] }),
  ]

  private static func upsample(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let scales =
      try context.version >= 9
      ? context.floats(1, "the list of scales") : context.attributes.floats("scales")
    guard let scales, scales.count == input.rank else {
      throw .damaged("its scales do not fit input \(input.shape)")
    }
    let method = try ONNXResamplingMethod(asUpsampleOf: context)
    return try resample(context, input, Array(0..<input.rank), scales.map(Double.init), method)
  }

  private static func resize(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    let axes =
      try context.attributes.integers("axes").map { (axes: [Int]) throws(ONNXProblem) in
        _ = try context.axes(axes, rank: input.rank)
        return try axes.map { (axis: Int) throws(ONNXProblem) in
          try context.axis(axis, rank: input.rank)
        }
      } ?? Array(0..<input.rank)
    let method = try ONNXResamplingMethod(context, axisCount: axes.count)
    let scaleIndex = context.version >= 11 ? 2 : 1
    if let scales = try context.floats(scaleIndex, "the list of scales"), !scales.isEmpty {
      guard scales.count == axes.count else {
        throw .damaged("it has \(scales.count) scales for \(axes.count) dimensions")
      }
      return try resample(context, input, axes, scales.map(Double.init), method)
    }
    guard let sizes = try context.integers(3, "the list of sizes"), sizes.count == axes.count,
      sizes.allSatisfy({ (1...Graph.elementLimit).contains($0) })
    else { throw .damaged("its scales or sizes are missing, or do not fit input \(input.shape)") }
    return try resize(context, input, axes, sizes, method)
  }

  /// Resizes to stated sizes, or to what keeps the aspect ratio.
  private static func resize(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ axes: [Int], _ sizes: [Int],
    _ method: ONNXResamplingMethod
  ) throws(ONNXProblem) -> ONNXValue {
    var scales = zip(axes, sizes).map { Double($1) / Double(input.shape[$0]) }
    var targets = sizes
    let policy = try context.attributes.string("keep_aspect_ratio_policy") ?? "stretch"
    if policy != "stretch" {
      let common = policy == "not_larger" ? scales.min() : scales.max()
      guard policy == "not_larger" || policy == "not_smaller", let common else {
        throw .damaged("its policy is \(policy.abbreviatedForMessage), which does not exist")
      }
      targets = axes.map {
        Int(min(common * Double(input.shape[$0]) + 0.5, Double(Graph.elementLimit)).rounded(.down))
      }
      scales = axes.map { _ in common }
    }
    return try resample(context, input, axes, scales, method, targets)
  }

  /// - Parameter sizes: The new sizes; what follows from the scales if not given.
  private static func resample(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ axes: [Int], _ scales: [Double],
    _ method: ONNXResamplingMethod, _ sizes: [Int]? = nil
  ) throws(ONNXProblem) -> ONNXValue {
    var parts: [Int: ONNXResampling] = [:]
    for (position, axis) in axes.enumerated() {
      let (extent, scale) = (input.shape[axis], scales[position])
      let product = (Float(extent) * Float(scale)).rounded(.down)
      guard scale.isFinite, scale > 0, let size = sizes?[position] ?? Int(exactly: product),
        (1...Int(UInt16.max)).contains(size) || size == extent
      else {
        throw .unsupported(
          reason: "it resizes \(extent) elements by \(scale); sizes may be 1 to \(UInt16.max)",
          remedy: "resize to a size in these limits")
      }
      guard size != extent || scale != 1 || method.coordinates == .cropped else { continue }
      parts[axis] = try ONNXResampling(
        from: extent, to: size, scale: scale, method, axis: position, context.builder)
    }
    guard !parts.isEmpty else { return input }
    if let result = try ownOperator(context, input, parts) { return result }
    var result = input
    for (axis, part) in parts.sorted(by: { $0.key < $1.key }) {
      result = try along(context, result, axis, part)
    }
    return result
  }

  // MARK: Ways

  /// The graph's own operator for images, where it does the same.
  private static func ownOperator(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ parts: [Int: ONNXResampling]
  ) throws(ONNXProblem) -> ONNXValue? {
    guard input.rank == 4, input.constant == nil else { return nil }
    let isChannelsLast = parts.keys.allSatisfy { $0 == 1 || $0 == 2 }
    guard isChannelsLast || parts.keys.allSatisfy({ $0 == 2 || $0 == 3 }),
      let kind = ONNXResampling.imageOperator(Array(parts.values))
    else { return nil }
    if case .resizeBilinear = kind, input.type != .float32 { return nil }
    var shape = input.shape
    for (axis, part) in parts { shape.dimensions[axis] = part.rows.count }
    if isChannelsLast { return try context.append(kind, [input], shape: shape) }
    let image = try context.channelsLast(input)
    let result = try context.append(
      kind, [image], shape: [shape[0], shape[2], shape[3], shape[1]])
    return try context.channelsFirst(result)
  }

  /// Resamples one dimension.
  private static func along(
    _ context: ONNXOperatorContext, _ value: ONNXValue, _ axis: Int, _ part: ONNXResampling
  ) throws(ONNXProblem) -> ONNXValue {
    if let indices = part.indices {
      return try context.gather(value, axis: axis, indices: indices, indexShape: [indices.count])
    }
    guard value.type == .float32 else {
      throw .unsupported(
        reason: "it mixes elements of type \(value.type.rawValue)",
        remedy: "resize floats, or use mode nearest")
    }
    let last = value.rank - 1
    var order = Array(0..<value.rank)
    order.swapAt(axis, last)
    let (rows, columns) = (part.rows.count, part.extent)
    let moved = try context.transposed(value, order)
    let weights = try context.floats(part.matrix, [rows, columns])
    let bias = try part.hasBias ? context.floats(part.biases, [rows]) : nil
    let mixed = try context.append(
      .fullyConnected(FullyConnectedAttributes(activation: .none, keepsDimensions: true)),
      [moved, weights, bias])
    return try context.transposed(mixed, order)
  }
}

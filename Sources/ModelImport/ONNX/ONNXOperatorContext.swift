// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What a file says about one node, and what the node's reading needs.
struct ONNXOperatorContext {
  /// The operator's type: `Conv`.
  let type: String
  /// The version of the operator set that the file imports for the operator's domain.
  let version: Int
  /// The node's attributes.
  let attributes: ONNXAttributes
  /// The inputs, `nil` where one is left out; trailing ones may be missing.
  let inputs: [ONNXValue?]
  /// Whether something reads each of the outputs that the node lists.
  let isOutputUsed: [Bool]
  /// The graph to which operators are appended.
  let builder: ONNXGraphBuilder

  // MARK: Inputs

  /// The input at `index`, if it is there.
  func optional(_ index: Int) -> ONNXValue? { index < inputs.count ? inputs[index] : nil }

  /// The input at `index`.
  func input(_ index: Int, _ role: String = "the input") throws(ONNXProblem) -> ONNXValue {
    guard let value = optional(index) else { throw .damaged("\(role) is missing") }
    return value
  }

  /// All inputs, none of which may be left out.
  func allInputs(atLeast count: Int = 1) throws(ONNXProblem) -> [ONNXValue] {
    let values = inputs.compactMap { $0 }
    guard values.count == inputs.count, values.count >= count else {
      throw .damaged("it has \(values.count) of its \(max(inputs.count, count)) inputs")
    }
    return values
  }

  /// The elements of the input at `index`, which must be known; `nil` if it is left out.
  func constant(_ index: Int, _ role: String) throws(ONNXProblem) -> ONNXConstant? {
    guard let value = optional(index) else { return nil }
    guard let constant = value.constant else {
      throw .unsupported(
        reason: "\(role) is computed at run time",
        remedy: "export the model with fixed shapes and a batch size of 1, and fold its constants "
          + "(onnxsim does): it then becomes constant")
    }
    return constant
  }

  /// The elements of an integer input, which must be known; `nil` if it is left out.
  func integers(_ index: Int, _ role: String) throws(ONNXProblem) -> [Int]? {
    guard let constant = try constant(index, role) else { return nil }
    guard let values = constant.integers else {
      throw .damaged("\(role) is \(constant.type.rawValue), but must be an integer")
    }
    return values
  }

  /// The elements of a float input, which must be known; `nil` if it is left out.
  func floats(_ index: Int, _ role: String) throws(ONNXProblem) -> [Float]? {
    guard let constant = try constant(index, role) else { return nil }
    guard let values = constant.floats else {
      throw .damaged("\(role) is \(constant.type.rawValue), but must be a float")
    }
    return values
  }

  /// The single number of a float input, which must be known; `nil` if it is left out.
  func float(_ index: Int, _ role: String) throws(ONNXProblem) -> Float? {
    guard let values = try floats(index, role) else { return nil }
    guard values.count == 1, !values[0].isNaN else {
      throw .damaged("\(role) has \(values.count) elements, but must be one number")
    }
    return values[0]
  }

  /// A list of integers that is an input since an operator set, and was an attribute before.
  func integers(
    attribute: String, orInput index: Int, since version: Int, _ role: String
  ) throws(ONNXProblem) -> [Int]? {
    self.version >= version ? try integers(index, role) : try attributes.integers(attribute)
  }

  // MARK: Axes

  /// A dimension of `rank`, counted from the end if it is negative.
  func axis(_ value: Int, rank: Int) throws(ONNXProblem) -> Int {
    guard (-rank..<rank).contains(value) else {
      throw .damaged("it works along dimension \(value) of \(rank)")
    }
    return value < 0 ? value + rank : value
  }

  /// Different dimensions of `rank`, in ascending order.
  func axes(_ values: [Int], rank: Int) throws(ONNXProblem) -> [Int] {
    var result = Set<Int>()
    for value in values {
      guard result.insert(try axis(value, rank: rank)).inserted else {
        throw .damaged("it works along dimension \(value) twice")
      }
    }
    return result.sorted()
  }

  // MARK: Results

  /// Appends an operator with one output: see ``ONNXGraphBuilder``.
  func append(
    _ kind: OperatorKind, _ inputs: [ONNXValue?], type: ElementType? = nil, shape: Shape? = nil
  ) throws(ONNXProblem) -> ONNXValue {
    try builder.append(kind, inputs, type: type, shape: shape)
  }

  /// A constant made while reading, after its bytes were charged to the budget.
  func floats(_ values: [Float], _ dimensions: [Int]) throws(ONNXProblem) -> ONNXValue {
    try builder.charge(4 * values.count)
    return .constant(ONNXConstant(floats: values, dimensions))
  }

  /// A value under new dimensions.
  func reshaped(_ value: ONNXValue, to shape: Shape) throws(ONNXProblem) -> ONNXValue {
    guard shape != value.shape else { return value }
    if let constant = value.constant, let moved = constant.reshaped(to: shape.dimensions) {
      return .constant(moved)
    }
    return try append(.reshape, [value], shape: shape)
  }

  /// A value with dimension i being dimension `permutation[i]`.
  func transposed(_ value: ONNXValue, _ permutation: [Int]) throws(ONNXProblem) -> ONNXValue {
    guard permutation != Array(permutation.indices) else { return value }
    if let constant = value.constant {
      try builder.charge(constant.bytes.count)
      return .constant(constant.transposed(permutation))
    }
    return try append(.transpose(permutation: permutation), [value])
  }

  /// A value of another element type.
  func cast(_ value: ONNXValue, to type: ElementType) throws(ONNXProblem) -> ONNXValue {
    guard type != value.type else { return value }
    if let constant = value.constant {
      try builder.charge(constant.count * ONNXConstant.storedBytes(of: type))
      return .constant(constant.cast(to: type))
    }
    return try append(.cast, [value], type: type)
  }

  /// An image or a row of pixels with its channels, dimension 1, behind the others.
  func channelsLast(_ value: ONNXValue) throws(ONNXProblem) -> ONNXValue {
    guard value.rank > 2 else { return value }
    return try transposed(value, [0] + Array(2..<value.rank) + [1])
  }

  /// The inverse of ``channelsLast(_:)``.
  func channelsFirst(_ value: ONNXValue) throws(ONNXProblem) -> ONNXValue {
    guard value.rank > 2 else { return value }
    return try transposed(value, [0, value.rank - 1] + Array(1..<(value.rank - 1)))
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What the rest of the module has to know about one kind of operator.
///
/// Every kind has one conforming type, in a file of this folder; ``OperatorKind/semantics`` maps to
/// it. Verification asks in the order of the members: when ``check(_:)`` runs, the numbers of
/// operands are right and every tensor is legal by itself; when ``outputShapes(_:)`` runs, the check
/// has passed.
protocol OperatorSemantics: Sendable {
  /// Roles of the inputs in order, as messages name them; trailing ones may be optional.
  var inputRoles: [String] { get }
  /// How many of the inputs must be there.
  var requiredInputCount: Int { get }
  /// How many inputs there may be.
  var inputCountLimit: Int { get }
  /// How many outputs there may be.
  var outputCounts: ClosedRange<Int> { get }
  /// Positions of the inputs that are variables, which it reads; no other input may be one.
  var variableInputs: [Int] { get }
  /// Those of them whose value it replaces.
  var writtenInputs: [Int] { get }
  /// How many of its inputs determine the result, beyond attributes and output shape; those that are
  /// left out count as absent.
  func significantInputCount(of count: Int) -> Int

  /// Finds out whether ranks, element types, attributes and quantization fit each other.
  func check(_ operands: Operands) throws(OperatorProblem)
  /// Works out the shapes of the outputs.
  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape]
  /// Multiplications with accumulation that a dense implementation needs, padding included.
  func multiplyAccumulates(_ operands: Operands) -> Int
  /// Writes the attributes to the graph's canonical form.
  func encodeAttributes(to encoder: inout CanonicalEncoder)
}

extension OperatorSemantics {
  var requiredInputCount: Int { inputRoles.count }
  var inputCountLimit: Int { inputRoles.count }
  var outputCounts: ClosedRange<Int> { 1...1 }
  var variableInputs: [Int] { [] }
  var writtenInputs: [Int] { [] }
  func significantInputCount(of count: Int) -> Int { max(count, inputRoles.count) }
  func multiplyAccumulates(_ operands: Operands) -> Int { 0 }
  func encodeAttributes(to encoder: inout CanonicalEncoder) {}
}

extension OperatorKind {
  /// The rules of this kind.
  var semantics: any OperatorSemantics {
    switch self {
    case .conv2D(let attributes): attributes
    case .depthwiseConv2D(let attributes): attributes
    case .fullyConnected(let attributes): attributes
    case .add(let activation): AddSemantics(activation: activation)
    case .averagePool2D(let attributes): PoolSemantics(attributes: attributes)
    case .maxPool2D(let attributes): PoolSemantics(attributes: attributes)
    case .softmax(let beta): SoftmaxSemantics(beta: beta)
    case .logSoftmax: LogSoftmaxSemantics()
    case .reduce(let attributes): attributes
    case .argMax(let attributes): attributes
    case .l2Normalization: L2NormalizationSemantics()
    case .resizeBilinear(let attributes): attributes
    case .cumulativeSum(let attributes): attributes
    case .reshape: ReshapeSemantics()
    case .quantize: QuantizeSemantics()
    case .dequantize: DequantizeSemantics()
    case .transposeConv(let attributes): attributes
    case .batchMatMul(let first, let second):
      BatchMatMulSemantics(transposesFirst: first, transposesSecond: second)
    case .readVariable: ReadVariableSemantics()
    case .assignVariable: AssignVariableSemantics()
    case .concatenation(let axis): ConcatenationSemantics(axis: axis)
    case .slice(let attributes): attributes
    case .unary(let function): UnarySemantics(function: function)
    case .binary(let function): BinarySemantics(function: function)
    case .prelu: PReLUSemantics()
    case .compare(let relation): CompareSemantics(relation: relation)
    case .logical(let function): LogicalSemantics(function: function)
    case .select: SelectSemantics()
    case .cast: CastSemantics()
    case .split(let axis): SplitSemantics(axis: axis)
    case .pack(let axis): PackSemantics(axis: axis)
    case .unpack(let axis): UnpackSemantics(axis: axis)
    case .transpose(let permutation): TransposeSemantics(permutation: permutation)
    case .pad(let attributes): attributes
    case .gather(let attributes): attributes
    case .resizeNearestNeighbor(let alignCorners, let halfPixelCenters):
      NearestResizeSemantics(alignCorners: alignCorners, halfPixelCenters: halfPixelCenters)
    case .spaceToBatch(let attributes): BatchBlockSemantics(attributes: attributes, toBatch: true)
    case .batchToSpace(let attributes): BatchBlockSemantics(attributes: attributes, toBatch: false)
    case .spaceToDepth(let block): DepthBlockSemantics(block: block, toDepth: true)
    case .depthToSpace(let block): DepthBlockSemantics(block: block, toDepth: false)
    case .broadcast: BroadcastSemantics()
    case .tile(let multiples): TileSemantics(multiples: multiples)
    case .lstm(let attributes): attributes
    case .svdf(let attributes): attributes
    }
  }
}

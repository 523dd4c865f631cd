// SPDX-License-Identifier: Apache-2.0

/// What an operator computes. Shapes are given outermost dimension first; n is the batch.
public enum OperatorKind: Hashable, Sendable {
  /// Inputs: image [n, h, w, cIn], filter [cOut, kh, kw, cIn / groups], bias [cOut] or none.
  case conv2D(Conv2DAttributes)
  /// Inputs: image [n, h, w, cIn], filter [1, kh, kw, cIn * multiplier], bias or none.
  case depthwiseConv2D(DepthwiseConv2DAttributes)
  /// Inputs: rows [..., k], weights [m, k], bias [m] or none.
  case fullyConnected(FullyConnectedAttributes)
  /// Inputs: two tensors that broadcast to one shape.
  case add(Activation)
  /// Input: image [n, h, w, c]. Elements outside the image do not count.
  case averagePool2D(Pool2DAttributes)
  /// Input: image [n, h, w, c].
  case maxPool2D(Pool2DAttributes)
  /// Input: any tensor; over its last dimension, after scaling by `beta`.
  case softmax(beta: Float)
  /// Input: any tensor; over its last dimension.
  case logSoftmax
  /// Input: any tensor, of which some dimensions are reduced to one element.
  case reduce(ReduceAttributes)
  /// Input: any tensor; output: the index of the first largest or smallest element along a dimension.
  case argMax(ArgMaxAttributes)
  /// Input: any tensor; each vector along the last dimension is divided by its Euclidean length.
  case l2Normalization
  /// Input: image [n, h, w, c]. The output's shape rules.
  case resizeBilinear(ResizeBilinearAttributes)
  /// Input: any tensor, whose running sums along one dimension are taken.
  case cumulativeSum(CumulativeSumAttributes)
  /// Inputs: any tensor, and the new shape as int32 constant or none. The output's shape rules.
  case reshape
  /// Input: float32 or integers; output: quantized integers.
  case quantize
  /// Input: quantized integers; output: float32.
  case dequantize
  /// Input: a variable; output: its value at that moment.
  case readVariable
  /// Inputs: a variable, and its new value. No output.
  case assignVariable
  /// Inputs: one or more tensors that differ along `axis` only, which are joined along it.
  case concatenation(axis: Int)
  /// Input: any tensor, of which a regular part is taken.
  case slice(SliceAttributes)
  /// Input: any tensor; outputs: its parts along `axis`, in order. Their shapes tell the sizes.
  case split(axis: Int)
  /// Inputs: one or more tensors of one shape, which are stacked along a new dimension `axis`.
  case pack(axis: Int)
  /// Input: any tensor; outputs: its slices along `axis`, without that dimension.
  case unpack(axis: Int)
  /// Input: any tensor. The output's dimension i is the input's dimension `permutation[i]`.
  case transpose(permutation: [Int])
  /// Input: any tensor, to which elements are added around.
  case pad(PadAttributes)
  /// Input: any tensor, of which slices are taken by constant indices.
  case gather(GatherAttributes)
  /// Input: image [n, h, w, c]; the output's shape tells the new size. Along a dimension of `in` and
  /// `out` elements, element i is the input's element (i + offset) * scale, limited to the image. The
  /// offset is 1/2 for `halfPixelCenters`, else 0. The scale is (in - 1) / (out - 1) for
  /// `alignCorners` and more than one element, and the position is rounded, halves away from zero; it
  /// is in / out else, and the position is rounded down. All of it in float32.
  case resizeNearestNeighbor(alignCorners: Bool, halfPixelCenters: Bool)
  /// Input: [n, space..., rest...], padded with the real 0; each position inside a block becomes a
  /// batch of its own, which are the output's outer ones.
  case spaceToBatch(BatchBlockAttributes)
  /// The inverse of ``spaceToBatch(_:)``, with crops instead of padding.
  case batchToSpace(BatchBlockAttributes)
  /// Input: image [n, h, w, c]; each block of `block` by `block` pixels becomes one pixel.
  case spaceToDepth(block: Int)
  /// The inverse of ``spaceToDepth(block:)``.
  case depthToSpace(block: Int)
  /// Input: any tensor, repeated along dimensions of size 1. The output's shape rules.
  case broadcast
  /// Input: any tensor, repeated so many times along each dimension.
  case tile(multiples: [Int])
  /// Inputs: see ``LSTMAttributes/Operand``. Output: the hidden state after each row.
  case lstm(LSTMAttributes)
  /// Inputs: rows [n, k], weights of the input [filters, k], weights of the time [filters, memory], the
  /// variable that keeps [n, filters, memory], bias [filters / rank] or none.
  case svdf(SVDFAttributes)

  /// Inputs: image [n, h, w, cIn], filter [cOut, kh, kw, cIn], bias [cOut] or none.
  case transposeConv(TransposeConvAttributes)
  /// Inputs: matrices [..., m, k] and [..., k, n], either of which may be stored transposed; leading
  /// dimensions broadcast.
  case batchMatMul(transposesFirst: Bool, transposesSecond: Bool)
  /// Input: any tensor.
  case unary(UnaryFunction)
  /// Inputs: two tensors that broadcast to one shape.
  case binary(BinaryFunction)
  /// Inputs: any tensor, and what its negative elements are multiplied by; they broadcast to one
  /// shape.
  case prelu
  /// Inputs: two tensors that broadcast to one shape. Output: truth values.
  case compare(Relation)
  /// Inputs: truth values that broadcast to one shape.
  case logical(LogicalFunction)
  /// Inputs: truth values, and what stands where they hold and where not; all broadcast to one shape.
  case select
  /// Input: any tensor. Output: the same numbers as another type; scales do not count.
  case cast

  /// The field's name for it, as JSON and tables show it: `conv2d`.
  public var label: String {
    switch self {
    case .conv2D: "conv2d"
    case .depthwiseConv2D: "depthwise_conv2d"
    case .fullyConnected: "fully_connected"
    case .add: "add"
    case .averagePool2D: "average_pool2d"
    case .maxPool2D: "max_pool2d"
    case .softmax: "softmax"
    case .logSoftmax: "log_softmax"
    case .reduce(let attributes): attributes.function.rawValue
    case .argMax(let attributes): attributes.findsMinimum ? "arg_min" : "arg_max"
    case .l2Normalization: "l2_normalization"
    case .resizeBilinear: "resize_bilinear"
    case .cumulativeSum: "cumsum"
    case .reshape: "reshape"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    case .readVariable: "read_variable"
    case .assignVariable: "assign_variable"
    case .concatenation: "concatenation"
    case .slice: "slice"
    case .transposeConv: "transpose_conv"
    case .batchMatMul: "batch_matmul"
    case .unary(let function): function.label
    case .binary(let function): function.label
    case .prelu: "prelu"
    case .compare(let relation): relation.rawValue
    case .logical(let function): function.rawValue
    case .select: "select"
    case .cast: "cast"
    case .split: "split"
    case .pack: "pack"
    case .unpack: "unpack"
    case .transpose: "transpose"
    case .pad(let attributes):
      switch attributes.content {
      case .zero, .element: "pad"
      case .reflection, .symmetry: "mirror_pad"
      }
    case .gather: "gather"
    case .resizeNearestNeighbor: "resize_nearest_neighbor"
    case .spaceToBatch: "space_to_batch"
    case .batchToSpace: "batch_to_space"
    case .spaceToDepth: "space_to_depth"
    case .depthToSpace: "depth_to_space"
    case .broadcast: "broadcast"
    case .tile: "tile"
    case .lstm: "lstm"
    case .svdf: "svdf"
    }
  }

  /// The most operands of a kind with any number of them.
  static let variableOperandLimit = 4096
}

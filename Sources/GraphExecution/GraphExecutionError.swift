// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Why a graph cannot be run on the host in float, or why a run failed.
public enum GraphExecutionError: Error, Hashable, Sendable {
  /// The graph is not a legal one.
  case illegalGraph(ModelGraphError)
  /// An operator works on what is not executed here.
  case unsupportedOperator(
    index: Int, kind: String, name: String, reason: String, remedy: String)
  /// The tensors of one inference take more memory than is allowed.
  case tooLarge(byteCount: Int, limit: Int)
  /// The caller gave another number of inputs than the graph has.
  case wrongInputCount(actual: Int, expected: Int)
  /// An input is not what the graph takes.
  case wrongInput(port: Int, name: String, actual: String, expected: String)
  /// Operators were named that the graph does not have.
  case wrongRange(Range<Int>, operatorCount: Int)
  /// A value was given for a tensor that cannot take it.
  case wrongConstant(TensorID, actual: String, expected: String)
}

extension GraphExecutionError: CustomStringConvertible {
  /// One sentence or two: the thing, the limit, the remedy.
  public var description: String {
    switch self {
    case .illegalGraph(let error): error.description
    case .unsupportedOperator(let index, let kind, let name, let reason, let remedy):
      "operator \(index), \(kind) (\(name)): \(reason); \(remedy)"
    case .tooLarge(let byteCount, let limit):
      "the tensors of one inference take \(byteCount) bytes, but at most \(limit) are allowed; "
        + "use a smaller input or a smaller network"
    case .wrongInputCount(let actual, let expected):
      "\(actual) inputs were given, but the network has \(expected); give each input once, in the "
        + "network's order"
    case .wrongInput(let port, let name, let actual, let expected):
      "input \(port) (\(name)) was given \(actual), but takes \(expected); convert the data"
    case .wrongRange(let range, let operatorCount):
      "operators \(range.lowerBound) ..< \(range.upperBound) were to run, but the network has "
        + "\(operatorCount); name existing ones"
    case .wrongConstant(let id, let actual, let expected):
      "tensor \(id.index) was given \(actual), but takes \(expected); only constants can be replaced, "
        + "by as many elements"
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph
internal import ModelImport
internal import TensorFiles

/// One test, from the file to the comparison.
public struct NodeTestRun {
  private let test: NodeTest
  private let folder: NodeTestFolder

  /// Takes a test of a folder.
  public init(_ test: NodeTest, in folder: NodeTestFolder) {
    self.test = test
    self.folder = folder
  }

  /// Imports the model, runs it and compares its outputs as the ONNX project's runner does: shape and
  /// type, integers exactly, floats within `atol + rtol * |expected|`.
  public func outcome() -> NodeTestOutcome {
    let graph: Graph
    do throws(ModelImportError) {
      graph = try ModelReader.readGraph(contentsOf: folder.path(of: "model.onnx", in: test))
    } catch {
      return NodeTestReasons.outcome(of: error, test)
    }
    guard let inputs = values(of: test.inputs), let expected = values(of: test.outputs) else {
      return .failed(NodeTestReasons.foreignType(of: test) ?? "operands that no file can hold")
    }
    do {
      return .init(
        problem: compare(try FloatExecutor(graph).run(inputs), with: expected))
    } catch {
      return .failed("execution: \(error)")
    }
  }

  /// The elements of operands; `nil` if there are some that cannot be read.
  private func values(of operands: [NodeTest.Operand]) -> [TensorValue]? {
    let values = operands.compactMap { operand -> TensorValue? in
      guard let file = operand.file, let type = ElementType(rawValue: operand.type),
        let array = try? NumpyArray(contentsOf: folder.path(of: file, in: test))
      else { return nil }
      return TensorValue(shape: Shape(array.shape), elementType: type, bytes: array.bytes)
    }
    return values.count == operands.count ? values : nil
  }

  /// What is wrong with the results; `nil` if nothing is.
  private func compare(_ results: [TensorValue], with expected: [TensorValue]) -> String? {
    guard results.count == expected.count else {
      return "\(results.count) outputs instead of \(expected.count)"
    }
    for (result, expected) in zip(results, expected) {
      guard result.elementType == expected.elementType else {
        return "\(result.elementType.rawValue) instead of \(expected.elementType.rawValue)"
      }
      guard result.shape == expected.shape else {
        return "shape \(result.shape) instead of \(expected.shape)"
      }
      if let a = result.floats, let b = expected.floats {
        if let place = zip(a, b).enumerated().first(where: { !agrees($1.0, $1.1) }) {
          return "element \(place.offset) is \(place.element.0) instead of \(place.element.1)"
        }
      } else if result.bytes != expected.bytes {
        return "integers differ"
      }
    }
    return nil
  }

  private func agrees(_ value: Float, _ expected: Float) -> Bool {
    if value == expected || (value.isNaN && expected.isNaN) { return true }
    let (a, b) = (Double(value), Double(expected))
    return abs(a - b) <= test.atol + test.rtol * abs(b)
  }
}

extension NodeTestOutcome {
  fileprivate init(problem: String?) {
    self = problem.map { .failed("wrong: \($0)") } ?? .passed
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The graph's inputs, initializers and outputs.
extension ONNXParser {
  /// Reads the initializers that needed nodes read, and the inputs that are not initialized.
  mutating func readInterface(
    _ order: ONNXNodeOrder, _ builder: ONNXGraphBuilder
  ) throws(ModelImportError) {
    var needed = Set(model.graph.output.map(\.name))
    for index in order.order { needed.formUnion(model.graph.node[index].input) }
    try readInitializers(needed)
    try rejectSparse(needed)
    let batchNames = self.batchNames
    for (index, input) in model.graph.input.enumerated() where values[input.name] == nil {
      guard !initialized.contains(input.name) else { continue }
      do throws(ONNXProblem) {
        let (type, shape) = try signature(of: input, batchNames)
        values[input.name] = builder.input(input.name, type: type, shape: shape)
      } catch {
        throw located(error, "input \(index)", index, input.name)
      }
    }
  }

  private var initialized: Set<String> { Set(model.graph.initializer.map(\.name)) }

  private mutating func readInitializers(_ needed: Set<String>) throws(ModelImportError) {
    for (index, tensor) in model.graph.initializer.enumerated() where needed.contains(tensor.name) {
      do throws(ONNXProblem) {
        guard values[tensor.name] == nil else {
          throw .damaged("another initializer has the same name")
        }
        values[tensor.name] = .constant(try tensors.constant(tensor))
      } catch {
        throw located(error, "initializer \(index)", index, tensor.name)
      }
    }
  }

  private func rejectSparse(_ needed: Set<String>) throws(ModelImportError) {
    for (index, tensor) in model.graph.sparseInitializer.enumerated()
    where needed.contains(tensor.values.name) {
      throw .unsupportedTensor(
        file: file, index: index, name: tensor.values.name, reason: "it is stored sparse",
        remedy: "export the model with dense weights")
    }
  }

  /// Names of dimensions that are the batch of an input.
  private var batchNames: Set<String> {
    Set(
      model.graph.input.compactMap { input in
        guard case .dimParam(let name)? = input.type.tensorType.shape.dim.first?.value else {
          return nil
        }
        return name
      })
  }

  /// The type and shape of an input; a batch that is not fixed becomes 1.
  private func signature(
    of input: ONNXValueInfo, _ batchNames: Set<String>
  ) throws(ONNXProblem) -> (ElementType, Shape) {
    guard case .tensorType(let tensor)? = input.type.value else {
      throw .unsupported(
        reason: "it is no tensor", remedy: "give the network tensors as inputs")
    }
    let type = try ONNXElementTypes.elementType(of: Int(tensor.elemType))
    guard tensor.hasShape else {
      throw .unsupported(
        reason: "it has no shape", remedy: "export the model with the shapes of its inputs")
    }
    var dimensions: [Int] = []
    for (axis, dimension) in tensor.shape.dim.enumerated() {
      switch dimension.value {
      case .dimValue(let value)? where value > 0: dimensions.append(Int(value))
      case .dimParam(let name)? where axis == 0 || (!name.isEmpty && batchNames.contains(name)):
        dimensions.append(1)
      case nil where axis == 0: dimensions.append(1)
      // Some exporters write 0 or -1 for a batch that is not fixed.
      case .dimValue? where axis == 0: dimensions.append(1)
      case .dimParam(let name)?:
        throw Self.open(axis, name.isEmpty ? "" : " (\(name.abbreviatedForMessage))")
      case .dimValue(let value)?: throw Self.open(axis, " (\(value))")
      case nil: throw Self.open(axis, "")
      }
    }
    _ = try ONNXDimensions.elementCount(of: dimensions)
    return (type, Shape(dimensions))
  }

  private static func open(_ axis: Int, _ name: String) -> ONNXProblem {
    .unsupported(
      reason:
        "its dimension \(axis)\(name) is not fixed; only the first one, the batch, may be open",
      remedy: "export the model with fixed shapes, or fix them (python -m "
        + "onnxruntime.tools.make_dynamic_shape_fixed)")
  }

  /// Sets the graph's outputs.
  func readOutputs(_ builder: ONNXGraphBuilder) throws(ModelImportError) {
    for (index, output) in model.graph.output.enumerated() {
      builder.node = (model.graph.node.count, output.name, output.name)
      do throws(ONNXProblem) {
        guard let value = values[output.name] else {
          throw .damaged("nothing computes it")
        }
        try builder.output(value, named: output.name)
      } catch {
        throw located(error, "output \(index)", index, output.name)
      }
    }
  }

  private func located(
    _ problem: ONNXProblem, _ place: String, _ index: Int, _ name: String
  ) -> ModelImportError {
    switch problem {
    case .damaged(let reason):
      .malformed(file: file, place: "\(place) (\(name.abbreviatedForMessage))", reason: reason)
    case .unsupported(let reason, let remedy):
      .unsupportedTensor(file: file, index: index, name: name, reason: reason, remedy: remedy)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes `.onnx` files, for tests. The model need not be a legal one.
///
/// Source: the published field numbers of ONNX's model format.
public struct ONNXBuilder: Sendable {
  /// An attribute's value.
  public enum Attribute: Sendable {
    /// INT
    case integer(Int)
    /// FLOAT
    case float(Float)
    /// STRING
    case string(String)
    /// INTS
    case integers([Int])
    /// FLOATS
    case floats([Float])
    /// TENSOR
    case tensor(ONNXTensor)
  }

  /// A dimension of an input.
  public enum Dimension: Sendable {
    /// A number.
    case size(Int)
    /// A symbol; empty for none at all.
    case symbol(String)
  }

  /// Versions of operator sets, by domain.
  public var versions: [String: Int]
  private var nodes: [[UInt8]] = []
  private var initializers: [[UInt8]] = []
  private var inputs: [[UInt8]] = []
  private var outputs: [[UInt8]] = []

  /// Starts an empty model of an operator set of ONNX.
  public init(version: Int = 17) { versions = ["": version] }

  /// The file's bytes.
  public var bytes: [UInt8] {
    var model = ProtobufWriter()
    model.integer(1, 8)
    model.message(7) { graph in
      for node in nodes { graph.bytes(1, node) }
      graph.string(2, "graph")
      for tensor in initializers { graph.bytes(5, tensor) }
      for input in inputs { graph.bytes(11, input) }
      for output in outputs { graph.bytes(12, output) }
    }
    for (domain, version) in versions.sorted(by: { $0.key < $1.key }) {
      model.message(8) { set in
        if !domain.isEmpty { set.string(1, domain) }
        set.integer(2, version)
      }
    }
    return model.bytes
  }

  /// Adds an input; `type` is ONNX's number, 1 for float32.
  public mutating func input(_ name: String, _ dimensions: [Dimension], type: Int = 1) {
    inputs.append(Self.value(name, dimensions, type))
  }

  /// Adds an input of known size.
  public mutating func input(_ name: String, _ dimensions: [Int], type: Int = 1) {
    input(name, dimensions.map { .size($0) }, type: type)
  }

  /// Adds an output, without a shape.
  public mutating func output(_ name: String, type: Int = 1) {
    outputs.append(Self.value(name, nil, type))
  }

  /// Adds an initializer.
  public mutating func initializer(_ name: String, _ tensor: ONNXTensor) {
    initializers.append(tensor.bytes(named: name))
  }

  /// Adds a float32 initializer with small numbers of both signs.
  public mutating func weights(_ name: String, _ dimensions: [Int]) {
    let count = dimensions.reduce(1, *)
    initializer(
      name, .floats((0..<count).map { Float($0 * 7 % 11 - 5) / 8 }, dimensions))
  }

  /// Adds a list of int64 as initializer.
  public mutating func integers(_ name: String, _ values: [Int]) {
    initializer(name, .integers(values, [values.count]))
  }

  /// Adds a node.
  public mutating func node(
    _ type: String, _ inputs: [String], _ outputs: [String],
    _ attributes: KeyValuePairs<String, Attribute> = [:], domain: String = "", name: String = ""
  ) {
    var node = ProtobufWriter()
    for input in inputs { node.string(1, input) }
    for output in outputs { node.string(2, output) }
    if !name.isEmpty { node.string(3, name) }
    node.string(4, type)
    for (name, value) in attributes {
      node.message(5) { Self.write(name, value, to: &$0) }
    }
    if !domain.isEmpty { node.string(7, domain) }
    nodes.append(node.bytes)
  }

  private static func write(
    _ name: String, _ value: Attribute, to attribute: inout ProtobufWriter
  ) {
    attribute.string(1, name)
    switch value {
    case .float(let value):
      attribute.float(2, value)
      attribute.integer(20, 1)
    case .integer(let value):
      attribute.integer(3, value)
      attribute.integer(20, 2)
    case .string(let value):
      attribute.string(4, value)
      attribute.integer(20, 3)
    case .tensor(let value):
      attribute.bytes(5, value.bytes(named: ""))
      attribute.integer(20, 4)
    case .floats(let values):
      for value in values { attribute.float(7, value) }
      attribute.integer(20, 6)
    case .integers(let values):
      for value in values { attribute.integer(8, value) }
      attribute.integer(20, 7)
    }
  }

  private static func value(_ name: String, _ dimensions: [Dimension]?, _ type: Int) -> [UInt8] {
    var value = ProtobufWriter()
    value.string(1, name)
    value.message(2) { holder in
      holder.message(1) { tensor in
        tensor.integer(1, type)
        guard let dimensions else { return }
        tensor.message(2) { shape in
          for dimension in dimensions {
            shape.message(1) { entry in
              switch dimension {
              case .size(let size): entry.integer(1, size)
              case .symbol(let name): if !name.isEmpty { entry.string(2, name) }
              }
            }
          }
        }
      }
    }
    return value.bytes
  }
}

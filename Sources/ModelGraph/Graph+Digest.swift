// SPDX-License-Identifier: Apache-2.0
public import Digests

extension Graph {
  /// The hash that tells whether two graphs are the same model: blobs and runs carry it.
  ///
  /// It covers everything that determines results: operators with their attributes, how they are
  /// connected, and shape, type, quantization and bytes of every tensor. It does not cover names,
  /// labels, tensors and operators that no output depends on, the numbering of tensors, which of
  /// several legal execution orders the file chose, or whether equal constants share storage.
  ///
  /// The hashed bytes are those of the version named in their first string (``CanonicalEncoder``):
  /// the inputs' signatures; then the operators in the order in which a depth-first walk from the
  /// outputs, through operands from first to last, completes them, each with its label, attributes,
  /// operands and outputs' signatures; then the outputs. An operand is 0 (left out), 1 and the
  /// number of a value, or 2, a signature and the SHA-256 of the bytes. Values are numbered
  /// as they come: inputs, then operators' outputs, or variables where first used. A variable's
  /// signature is followed by 0 if it starts as zeros, else by 1 and the SHA-256 of its initial bytes;
  /// each use of a variable by the number of operators before it in execution order that write it.
  ///
  /// - Precondition: The graph is verified.
  public var graphSHA256: SHA256Digest {
    var encoding = GraphEncoding(graph: self)
    return SHA256Digest(hashing: encoding.encode())
  }
}

/// The state of one pass over a graph that writes its canonical form.
private struct GraphEncoding {
  let graph: Graph
  var encoder = CanonicalEncoder()
  var numbers: [TensorID: Int] = [:]
  let writers: [TensorID: [Int]]

  init(graph: Graph) {
    self.graph = graph
    writers = graph.variableWriters
  }

  mutating func encode() -> [UInt8] {
    encoder.append("shunt-graph 1")
    encoder.append(graph.inputs.count)
    for input in graph.inputs {
      number(input)
      encoder.append(signatureOf: graph[input])
    }
    let order = graph.operatorsInDependencyOrder()
    encoder.append(order.count)
    for index in order { append(graph.operators[index], at: index) }
    encoder.append(graph.outputs.count)
    for output in graph.outputs { append(operand: output) }
    return encoder.bytes
  }

  private mutating func append(_ operation: Operator, at position: Int) {
    let semantics = operation.kind.semantics
    encoder.append(operation.kind.label)
    semantics.encodeAttributes(to: &encoder)
    // An optional operand may be left out by a nil or by a shorter list: both mean the same.
    let count = semantics.significantInputCount(of: operation.inputs.count)
    encoder.append(count)
    for index in 0..<count {
      let operand = index < operation.inputs.count ? operation.inputs[index] : nil
      append(operand: operand)
      if let operand, graph[operand].isVariable {
        encoder.append((writers[operand] ?? []).count { $0 < position })
      }
    }
    encoder.append(operation.outputs.count)
    for output in operation.outputs {
      number(output)
      encoder.append(signatureOf: graph[output])
    }
  }

  private mutating func append(operand id: TensorID?) {
    guard let id else {
      encoder.append(0)
      return
    }
    if let constant = graph[id].constant {
      encoder.append(2)
      encoder.append(signatureOf: graph[id])
      encoder.append(SHA256Digest(hashing: constant).bytes)
    } else {
      let isNew = numbers[id] == nil
      encoder.append(1)
      encoder.append(number(id))
      if isNew {
        encoder.append(signatureOf: graph[id])
        if graph[id].isVariable { append(initialValueOf: graph[id]) }
      }
    }
  }

  private mutating func append(initialValueOf variable: Tensor) {
    guard let value = variable.initialValue, value.contains(where: { $0 != 0 }) else {
      encoder.append(0)
      return
    }
    encoder.append(1)
    encoder.append(SHA256Digest(hashing: value).bytes)
  }

  @discardableResult
  private mutating func number(_ id: TensorID) -> Int {
    if let known = numbers[id] { return known }
    let next = numbers.count
    numbers[id] = next
    return next
  }
}

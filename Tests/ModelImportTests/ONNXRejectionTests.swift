// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Wrong ONNX models: each gives one error that names place, reason and remedy.
@Suite struct ONNXRejectionTests {
  private func message(_ bytes: [UInt8]) throws -> String {
    try #require(throws: ModelImportError.self) {
      try ONNXReader.graph(from: bytes, name: "net.onnx")
    }.description
  }

  private func message(_ model: ONNXBuilder) throws -> String { try message(model.bytes) }

  /// A model of one input and whatever is added.
  private func model(_ change: (inout ONNXBuilder) -> Void) -> ONNXBuilder {
    var model = ONNXBuilder()
    model.input("x", [1, 2, 4, 4])
    change(&model)
    model.output("y")
    return model
  }

  @Test("all operators that are not supported are named, with operator set and remedy")
  func listsUnsupportedOperators() throws {
    let message = try message(
      model {
        $0.node("Loop", ["x"], ["a"], name: "loop")
        $0.node("Exp", ["a"], ["b"])
        $0.node("Wavelet", ["b"], ["y"], domain: "org.example")
      })
    #expect(message.contains("operators that are not supported: 2"))
    #expect(message.contains("operator 0, Loop of operator set 17 (loop)"))
    #expect(message.contains("without control flow"))
    #expect(message.contains("operator 2, org.example.Wavelet of operator set 1 (y)"))
  }

  @Test("operator sets beyond what is known, and none at all, are refused")
  func refusesVersions() throws {
    for version in [5, 29, -1, Int.max] {
      let message = try message(ONNXSamples.model("Exp", [2], version: version))
      #expect(message.contains("operator set \(version) of ONNX; supported are 6 to 28"))
      #expect(message.contains("opset_version=17"))
    }
    var model = ONNXSamples.network
    model.versions = [:]
    #expect(try message(model).contains("the model imports none"))
  }

  @Test("a node that depends on itself is named")
  func refusesCycle() throws {
    let message = try message(
      model {
        $0.node("Add", ["x", "b"], ["a"])
        $0.node("Exp", ["a"], ["b"], name: "tail")
        $0.node("Abs", ["b"], ["y"])
      })
    #expect(message.contains("operator 1, Exp (tail): it depends on itself"))
  }

  @Test("a long chain of nodes is read without recursion")
  func readsLongChain() throws {
    let count = 5000
    let chain = model {
      for index in (0..<count).reversed() {
        $0.node("Identity", [index == 0 ? "x" : "v\(index)"], ["v\(index + 1)"])
      }
      $0.node("Exp", ["v\(count)"], ["y"])
    }
    #expect(try ONNXReader.graph(from: chain.bytes, name: "net").operators.count == 1)
  }

  @Test("a missing initializer is named")
  func refusesMissingInitializer() throws {
    let message = try message(model { $0.node("Conv", ["x", "w"], ["y"]) })
    #expect(message.contains("operator 0, Conv (y): it reads w, which is no input"))
  }

  @Test("names that stand for two values are refused")
  func refusesDuplicates() throws {
    let twice = model {
      $0.node("Exp", ["x"], ["y"])
      $0.node("Abs", ["x"], ["y"])
    }
    #expect(try message(twice).contains("operator 1, Abs (y): it computes y, which already"))
    let initializers = model {
      $0.weights("w", [1])
      $0.weights("w", [1])
      $0.node("Add", ["x", "w"], ["y"])
    }
    #expect(try message(initializers).contains("initializer 1 (w): another initializer"))
    let inputs = model {
      $0.input("x", [1])
      $0.node("Exp", ["x"], ["y"])
    }
    #expect(try message(inputs).contains("input 1 (x): another input has the same name"))
  }

  @Test("an output that nothing computes is named")
  func refusesMissingOutput() throws {
    #expect(try message(model { _ in }).contains("output 0 (y): nothing computes it"))
  }

  @Test("dimensions that are not fixed are refused, but for the batch")
  func refusesOpenDimensions() throws {
    for (open, name) in [
      (ONNXBuilder.Dimension.symbol("T"), "(T)"), (.symbol(""), ""), (.size(-1), "(-1)"),
    ] {
      var model = ONNXBuilder()
      model.input("x", [.symbol("N"), open])
      model.node("Exp", ["x"], ["y"])
      model.output("y")
      let message = try message(model)
      #expect(message.contains("dimension 1 \(name)".trimmingCharacters(in: .whitespaces)))
      #expect(message.contains("make_dynamic_shape_fixed"))
    }
  }

  @Test("weights that are no finite numbers are named", arguments: [Float.nan, .infinity])
  func refusesInfiniteWeights(value: Float) throws {
    let message = try message(
      ONNXSamples.model("Add", [2], [.floats([1, value], [2])]))
    #expect(message.contains("operator 0, Add (y): element 1 of a constant"))
    #expect(message.contains("finite"))
  }

  @Test("wrong ranks and shapes are told by the node")
  func refusesWrongShapes() throws {
    let cases: [(bytes: [UInt8], part: String)] = [
      (ONNXSamples.model("Conv", [1, 2, 4], [ONNXSamples.weights([2, 2, 3, 3])]), "4 dimensions"),
      (
        ONNXSamples.model("Conv", [1, 3, 4, 4], [ONNXSamples.weights([2, 2, 3, 3])]), "do not fit"
      ),
      (
        ONNXSamples.model("Conv", [1, 2, 2, 2], [ONNXSamples.weights([2, 2, 3, 3])]), "the window"
      ),
      (ONNXSamples.model("Gemm", [2, 3], [ONNXSamples.weights([4, 2])]), "do not fit"),
      (ONNXSamples.model("MatMul", [2, 3], [ONNXSamples.weights([4, 2])]), "do not fit"),
      (ONNXSamples.model("Add", [2, 3], [ONNXSamples.weights([2])]), "do not broadcast"),
      (ONNXSamples.model("MaxPool", [1, 2, 4, 4]), "kernel_shape is missing"),
      (
        ONNXSamples.model("MaxPool", [1, 2, 4, 4], [], ["kernel_shape": .integers([0, Int.max])]),
        "the window is"
      ),
      (
        ONNXSamples.model(
          "AveragePool", [1, 1, 4, 4, 4, 4], [], ["kernel_shape": .integers([2, 2, 2, 2])]),
        "4 dimensions"
      ),
      (ONNXSamples.model("Reshape", [2, 3], [.integers([4, -1], [2])]), "does not fit"),
      (ONNXSamples.model("Reshape", [2, 3], [.integers([Int.min, -1], [2])]), "does not fit"),
      (ONNXSamples.model("Transpose", [2, 3], [], ["perm": .integers([0, 0])]), "not an order"),
      (ONNXSamples.model("Squeeze", [2, 3], [.integers([0], [1])]), "is not 1"),
      (ONNXSamples.model("Unsqueeze", [2], [.integers([0, 0], [2])]), "twice"),
      (ONNXSamples.model("Flatten", [2], [], ["axis": .integer(5)]), "at dimension 5"),
      (ONNXSamples.model("Softmax", [2], [], ["axis": .integer(Int.min)]), "along dimension"),
      (ONNXSamples.model("ReduceSum", [2], [.integers([3], [1])]), "along dimension 3 of 1"),
      (
        ONNXSamples.model("LeakyRelu", [2], [], ["alpha": .integer(1)]),
        "attribute alpha is of type"
      ),
      (ONNXSamples.model("LeakyRelu", [2], [], ["alpha": .float(.nan)]), "not a number"),
      (ONNXSamples.model("Cast", [2], [], ["to": .integer(8)]), "its type is string"),
    ]
    for (bytes, part) in cases {
      let message = try message(bytes)
      #expect(message.contains("operator 0, "), "\(message)")
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test("huge dimensions and data of the wrong length are refused")
  func refusesWrongData() throws {
    let cases: [(ONNXTensor, String)] = [
      (ONNXTensor([1 << 40], type: 1, raw: []), "at most"),
      (ONNXTensor([1 << 31, 1 << 31, 0], type: 1, raw: []), "at most"),
      (ONNXTensor([-2], type: 1, raw: []), "negative dimension"),
      (ONNXTensor([1, 1, 1, 1, 1, 1, 1, 1, 2], type: 1, raw: []), "the limit is 8"),
      (ONNXTensor([3], type: 1, raw: [0, 0, 0, 0]), "has 4 bytes of data"),
      (ONNXTensor([3], type: 1), "has 0 numbers of data"),
      (ONNXTensor([1], type: 8, raw: [0]), "string"),
      (ONNXTensor([1], type: 99, raw: [0]), "number 99"),
    ]
    for (tensor, part) in cases {
      let message = try message(ONNXSamples.model("Add", [2], [tensor]))
      #expect(message.contains("initializer 0 (c0)") || message.contains("tensor 0 (c0)"))
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test("a small file cannot ask for huge constants")
  func refusesHugeConstants() throws {
    let huge = model {
      $0.integers("s", [1 << 15, 1 << 15])
      $0.node("ConstantOfShape", ["s"], ["c"])
      $0.node("Add", ["x", "c"], ["y"])
    }
    #expect(try message(huge).contains("536870912 bytes together"))
    let range = model {
      $0.initializer("a", .integers([Int.min], []))
      $0.initializer("b", .integers([Int.max], []))
      $0.initializer("d", .integers([1], []))
      $0.node("Range", ["a", "b", "d"], ["y"])
    }
    #expect(try message(range).contains("use fewer numbers"))
  }

  @Test("arithmetic on shapes that exceeds 64 bits is refused")
  func refusesOverflow() throws {
    let cases: [(String, Int, Int)] = [
      ("Mul", Int.max, 2), ("Add", Int.max, 1), ("Sub", Int.min, 1), ("Div", 1, 0), ("Mod", 1, 0),
      ("Div", Int.min, -1),
    ]
    for (type, first, second) in cases {
      let wrong = model {
        $0.integers("a", [first])
        $0.integers("b", [second])
        $0.node(type, ["a", "b"], ["c"])
        $0.node("Reshape", ["x", "c"], ["y"])
      }
      #expect(try message(wrong).contains("does not exist or exceeds 64 bits"), "\(type)")
    }
  }

  @Test("more parts than any network has are refused before they are decoded")
  func refusesManyParts() throws {
    var graph: [UInt8] = []
    for _ in 0..<(1 << 20) { graph += [0x0A, 0] }
    var model = ProtobufWriter()
    model.bytes(7, graph)
    #expect(try message(model.bytes).contains("more than 1048576 parts"))
  }

  @Test("deeply nested graphs are refused")
  func refusesNesting() throws {
    var graph = ProtobufWriter()
    for _ in 0..<100 {
      var outer = ProtobufWriter()
      outer.message(1) { node in node.message(5) { $0.bytes(6, graph.bytes) } }
      graph = outer
    }
    var model = ProtobufWriter()
    model.bytes(7, graph.bytes)
    #expect(try message(model.bytes).contains("lie in one another"))
  }
}

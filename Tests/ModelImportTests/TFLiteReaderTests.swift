// SPDX-License-Identifier: Apache-2.0
import ModelExport
import ModelGraph
import ModelImport
import TestSupport
import Testing

@Suite struct TFLiteReaderTests {
  @Test("a graph written as .tflite is read back the same", arguments: SampleGraphs.all)
  func readsBack(graph: Graph) throws {
    let read = try TFLiteReader.graph(from: TFLiteBuilder(graph).bytes(), name: graph.name)
    #expect(read.name == graph.name)
    #expect(read.graphSHA256 == graph.graphSHA256)
    #expect(read.tensors.map(\.name) == graph.tensors.map(\.name))
    #expect(read.operators.map(\.kind) == graph.operators.map(\.kind))
    #expect(read.operators.map(\.name) == graph.operators.map(\.name))
    #expect(read.operators.map(\.sourceIndices) == graph.operators.map(\.sourceIndices))
    #expect(read.operators.map(\.inputs) == graph.operators.map(\.inputs))
  }

  @Test("old files, which fill only the byte-sized field for operator numbers, are read")
  func readsDeprecatedCodes() throws {
    var builder = TFLiteBuilder(SampleGraphs.convolutional(type: .int8))
    builder.usesDeprecatedCodesOnly = true
    let read = try TFLiteReader.graph(from: builder.bytes(), name: "old")
    #expect(read.graphSHA256 == builder.graph.graphSHA256)
  }

  @Test("one error names every unsupported operator, its place, its output and what to use instead")
  func listsUnsupportedOperators() throws {
    var builder = TFLiteBuilder(SampleGraphs.convolutional(type: .int8))
    builder.codes = [2: 141, 6: 91]
    builder.customNames = [3: "Sound\u{7}Effect"]
    let error = try #require(throws: ModelImportError.self) {
      try TFLiteReader.graph(from: builder.bytes(), name: "model.tflite")
    }
    guard case .unsupportedOperators("model.tflite", let operators) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(operators.map(\.index) == [2, 3, 6])
    #expect(
      operators.map(\.kind) == ["CONV_3D_TRANSPOSE", "CUSTOM Sound\u{FFFD}Effect", "REDUCE_ANY"])
    #expect(operators.map(\.name) == ["t7", "t8", "t14"])
    #expect(error.description.contains("operator 6, REDUCE_ANY (t14)"))
    #expect(error.description.contains("CONV_3D_TRANSPOSE: use CONV_2D"))
    #expect(error.description.contains("REDUCE_ANY: use SUM, MEAN, REDUCE_MAX or REDUCE_MIN"))
    #expect(error.description.contains("Sound\u{FFFD}Effect: express it with builtin operators"))
  }

  @Test("an operator number that no schema knows is named by its number")
  func namesUnknownNumbers() throws {
    var builder = TFLiteBuilder(SampleGraphs.perceptron)
    builder.codes = [0: 4711]
    let error = try #require(throws: ModelImportError.self) {
      try TFLiteReader.graph(from: builder.bytes(), name: "m")
    }
    #expect(error.description.contains("BUILTIN_4711"))
  }

  /// A change of the root table that makes the int8 sample unreadable, and what the message says.
  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var message: String
    var change: @Sendable (inout FlatTable) -> Void

    init(
      _ testDescription: String, says message: String,
      _ change: @escaping @Sendable (inout FlatTable) -> Void
    ) {
      self.testDescription = testDescription
      self.message = message
      self.change = change
    }

    static func tensor(
      _ index: Int, _ testDescription: String, says message: String,
      _ change: @escaping @Sendable (inout FlatTable) -> Void
    ) -> Damage {
      Damage(testDescription, says: message) { change(&$0[tables: 2, 0][tables: 0, index]) }
    }

    static func operation(
      _ index: Int, _ testDescription: String, says message: String,
      _ change: @escaping @Sendable (inout FlatTable) -> Void
    ) -> Damage {
      Damage(testDescription, says: message) { change(&$0[tables: 2, 0][tables: 3, index]) }
    }
  }

  static let damages: [Damage] = [
    Damage("schema version 2", says: "version is 2; 3 is supported") {
      $0[0] = .integer(UInt32(2))
    },
    Damage("no subgraph", says: "no subgraph") { $0[2] = .tables([]) },
    Damage("no list of subgraphs", says: "no subgraph") { $0[2] = nil },
    Damage("no operators", says: "no operator computes it") {
      $0[tables: 2, 0][3] = nil
    },
    Damage("no tensors", says: "there are 0") { $0[tables: 2, 0][0] = nil },
    Damage("no buffers", says: "there are 0") { $0[4] = nil },
    Damage("no operator codes", says: "there are 0") { $0[1] = nil },
    Damage("an input that does not exist", says: "tensor 77, but there are 15") {
      $0[tables: 2, 0][1] = .integers([Int32(77)])
    },
    Damage("an input of -1", says: "tensor -1") { $0[tables: 2, 0][1] = .integers([Int32(-1)]) },
    .operation(0, "an operand that does not exist", says: "reads tensor 77") {
      $0[1] = .integers([0, 77, 2] as [Int32])
    },
    .operation(0, "an operand of -2", says: "reads tensor -2") {
      $0[1] = .integers([0, 1, -2] as [Int32])
    },
    .operation(0, "a result of -1", says: "tensor -1") { $0[2] = .integers([Int32(-1)]) },
    .operation(0, "an operator code that does not exist", says: "operator code 9, but there are 7")
    {
      $0[0] = .integer(UInt32(9))
    },
    .operation(0, "options of another operator", says: "options have type 9, but must have 1") {
      $0[3] = .integer(UInt8(9))
    },
    .operation(0, "no options", says: "the stride is 0x0") {
      $0[3] = nil
      $0[4] = nil
    },
    .operation(0, "a fused tanh", says: "the fused activation TANH is not supported") {
      $0[table: 4][3] = .integer(Int8(4))
    },
    .operation(0, "an unknown fused activation", says: "activation number 9") {
      $0[table: 4][3] = .integer(Int8(9))
    },
    .operation(0, "an unknown padding", says: "padding rule 2 does not exist") {
      $0[table: 4][0] = .integer(Int8(2))
    },
    .operation(0, "a negative stride", says: "the stride is -1x1") {
      $0[table: 4][2] = .integer(Int32(-1))
    },
    .operation(5, "shuffled weights", says: "shuffled order") {
      $0[table: 4][1] = .integer(Int8(1))
    },
    .operation(0, "no operands", says: "the image is missing") { $0[1] = nil },
    .tensor(0, "text", says: "type is STRING") { $0[1] = .integer(Int8(5)) },
    .tensor(0, "an unknown type", says: "type is number 99") { $0[1] = .integer(Int8(99)) },
    .tensor(0, "a dynamic dimension", says: "is not fixed") {
      $0[0] = .integers([1, -1, 5, 2] as [Int32])
    },
    .tensor(0, "an absurd shape", says: "at most 2147483647") {
      $0[0] = .integers([1, .max, .max, 2] as [Int32])
    },
    .tensor(1, "a filter larger than its buffer", says: "72 bytes of data") {
      $0[0] = .integers([4, 1000, 3, 2] as [Int32])
    },
    .tensor(1, "a buffer that does not exist", says: "buffer 50, but there are") {
      $0[2] = .integer(UInt32(50))
    },
    .tensor(1, "sparse storage", says: "stored sparse") { $0[6] = .table(FlatTable()) },
    .tensor(1, "data in another file", says: "in another file") { $0[10] = .integer(UInt32(1)) },
    .tensor(1, "blockwise quantization", says: "blockwise or custom") {
      $0[table: 4][4] = .integer(UInt8(2))
    },
    .tensor(1, "fewer zero points than scales", says: "4 scales, but 3 zero points") {
      $0[table: 4][3] = .integers([0, 0, 0] as [Int64])
    },
    .tensor(1, "a zero point of 64 bits", says: "must lie in -128 ... 127") {
      $0[table: 4][3] = .integers([0, 0, 0, .min] as [Int64])
    },
  ]

  @Test("a damaged file gives an error that names file, place and limit", arguments: damages)
  func rejects(damage: Damage) throws {
    var model = TFLiteBuilder(SampleGraphs.convolutional(type: .int8)).model()
    damage.change(&model)
    let error = try #require(throws: ModelImportError.self) {
      try TFLiteReader.graph(from: TFLiteBuilder.bytes(of: model), name: "damaged.tflite")
    }
    #expect(error.description.contains(damage.message), "\(error)")
    #expect(error.description.hasPrefix("damaged.tflite: "))
  }

  @Test("zero points that are left out are 0, and one serves all scales")
  func completesZeroPoints() throws {
    let graph = SampleGraphs.convolutional(type: .int8)
    for zeroPoints in [nil, [0], []] as [[Int64]?] {
      var model = TFLiteBuilder(graph).model()
      model[tables: 2, 0][tables: 0, 1][table: 4][3] = zeroPoints.map { .integers($0) }
      let read = try TFLiteReader.graph(from: TFLiteBuilder.bytes(of: model), name: "m")
      #expect(read.tensors[1].quantization?.zeroPoints == [0, 0, 0, 0])
    }
  }

  @Test("a scale of 0 on a list of dimensions means that there is none")
  func ignoresZeroScales() throws {
    var model = TFLiteBuilder(SampleGraphs.convolutional(type: .int8)).model()
    model[tables: 2, 0][tables: 0, 9][4] = .table(FlatTable([2: .floats([0])]))
    let read = try TFLiteReader.graph(from: TFLiteBuilder.bytes(of: model), name: "m")
    #expect(read.tensors[9].quantization == nil)
  }

  @Test("further subgraphs do not matter")
  func readsFirstSubgraph() throws {
    let graph = SampleGraphs.perceptron
    var model = TFLiteBuilder(graph).model()
    model[2] = .tables([model[tables: 2, 0], FlatTable()])
    let read = try TFLiteReader.graph(from: TFLiteBuilder.bytes(of: model), name: "m")
    #expect(read.graphSHA256 == graph.graphSHA256)
  }

  @Test("weights behind the flatbuffer, as in large files, are read")
  func readsDataBehindTheFlatbuffer() throws {
    let graph = SampleGraphs.convolutional(type: .int8)
    let weights = try #require(graph.tensors[1].constant)
    var model = TFLiteBuilder(graph).model()
    model[tables: 4, 1] = FlatTable([1: .integer(UInt64(0)), 2: .integer(UInt64(weights.count))])
    let offset = TFLiteBuilder.bytes(of: model).count
    model[tables: 4, 1][1] = .integer(UInt64(offset))
    let file = TFLiteBuilder.bytes(of: model) + weights
    #expect(try TFLiteReader.graph(from: file, name: "m").graphSHA256 == graph.graphSHA256)
    for size in [UInt64(weights.count + 1), .max] {
      model[tables: 4, 1][2] = .integer(size)
      let damaged = TFLiteBuilder.bytes(of: model) + weights
      #expect(throws: ModelImportError.self) { try TFLiteReader.graph(from: damaged, name: "m") }
    }
  }

  @Test("labels that metadata tools append are read if they are as many as classes")
  func readsLabels() throws {
    let graph = SampleGraphs.convolutional(type: .int8)
    let model = TFLiteBuilder(graph).bytes()
    let three = model + Self.archive("labels.txt", "cat\ndog\r\nbird\n", offset: 0)
    #expect(try TFLiteReader.graph(from: three, name: "m").labels == ["cat", "dog", "bird"])
    let absolute = model + Self.archive("my_LABELS.txt", "a\nb\nc", offset: model.count)
    #expect(try TFLiteReader.graph(from: absolute, name: "m").labels == ["a", "b", "c"])
    let two = model + Self.archive("labels.txt", "cat\ndog\n", offset: 0)
    #expect(try TFLiteReader.graph(from: two, name: "m").labels == [])
  }

  @Test("a damaged archive behind the model means no labels or others, never an error")
  func survivesDamagedArchives() throws {
    let model = TFLiteBuilder(SampleGraphs.convolutional(type: .int8)).bytes()
    let archive = Self.archive("labels.txt", "cat\ndog\nbird\n", offset: 0)
    for index in archive.indices {
      for value in [0, 0x7F, 0xFF] as [UInt8] {
        var damaged = archive
        damaged[index] = value
        _ = try TFLiteReader.graph(from: model + damaged, name: "m")
      }
      _ = try TFLiteReader.graph(from: model + archive[index...], name: "m")
    }
  }

  /// A ZIP archive with one stored file, whose offsets count from `offset` bytes before it.
  private static func archive(_ name: String, _ text: String, offset: Int) -> [UInt8] {
    func little(_ value: Int, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(value >> (8 * $0) & 255) }
    }
    let (name, text) = (Array(name.utf8), Array(text.utf8))
    let sizes = little(text.count, 4) + little(text.count, 4) + little(name.count, 2)
    let common = [UInt8](repeating: 0, count: 14)
    let local = little(0x0403_4B50, 4) + common + sizes + little(0, 2) + name + text
    let entry =
      little(0x0201_4B50, 4) + little(20, 2) + common + sizes + little(0, 12) + little(offset, 4)
      + name
    let end =
      little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(entry.count, 4)
      + little(offset + local.count, 4) + little(0, 2)
    return local + entry + end
  }
}

// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Digests
import Foundation
import GraphExecution
import HostRuntime
import ModelGraph
import ModelImport
import Quantization
import TensorFiles
import TestSupport
import Testing

@Suite struct QuantizerTests {
  // MARK: End to end

  @Test func theKernelsComeAsCloseToTheFloatsAsTheReportSays() throws {
    let (graph, data) = (QuantizationFixtures.logits, QuantizationFixtures.data(rows: 40))
    let model = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings())
    let measured = try KernelError.decibels(model.graph, against: graph, data)
    let estimated = try #require(model.report.outputSQNR)
    #expect(abs(measured - estimated) < 1, "measured \(measured), estimated \(estimated)")
    #expect(measured > 30)
  }

  @Test(.enabled(if: SharedData.isAvailable, Comment(rawValue: SharedData.skipReason)))
  func keywordSpottingIsQuantizedWithLittleError() throws {
    let graph = try ModelReader.readGraph(
      contentsOf: SharedData.path("models/kws/float.tflite")
    ).withoutSoftmax()
    let array = try NumpyArray(contentsOf: SharedData.path("eval/kws/inputs.npy"))
    let values = try #require(array.integers).map { (Float($0) - 83) * 0.5847029 }
    let count = 49 * 10
    let calibration = CalibrationData(inputs: [Array(values[..<(60 * count)])], rowCount: 60)
    let test = CalibrationData(
      inputs: [Array(values[(100 * count)..<(160 * count)])], rowCount: 60)
    let model = try Quantizer.quantize(
      graph, calibration: calibration, settings: QuantizationSettings())
    #expect(try KernelError.decibels(model.graph, against: graph, test) > 31)
    #expect(model.report.costliest.count == 3)
    #expect(model.report.layers.count == model.graph.operators.count)
  }

  @Test(arguments: [QuantizationSettings.Weights.int4, .mixed], UInt64(1)...3)
  func weightsOfFourBitsAreChosenForTheChannelsOfTheBlob(
    weights: QuantizationSettings.Weights, seed: UInt64
  ) throws {
    let graph = IdleChannels.floatNetwork(seed: seed)
    try graph.verify()
    var random = SplitMix64(seed: seed)
    let count = graph[graph.inputs[0]].shape.elementCount
    let data = CalibrationData(
      inputs: [(0..<16 * count).map { _ in Float.random(in: -6...6, using: &random) }],
      rowCount: 16)
    let int8 = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings(equalizesChannels: false))
    let narrow = try Quantizer.quantize(
      graph, calibration: data,
      settings: QuantizationSettings(
        weights: weights, equalizesChannels: false, weightByteBudgetRatio: 0.7))
    #expect(int8.report.channelsLeftOut == 0)
    #expect(narrow.report.channelsLeftOut > 0)
    let (wide, small) = (try BlobPacker.pack(int8.graph), try BlobPacker.pack(narrow.graph))
    #expect(!wide.keptChannels.isEmpty)
    #expect(Double(small.weightsBytes) <= 0.85 * Double(wide.weightsBytes))
    #expect(small.macs <= wide.macs + wide.macs / 50)
    // Half of the channels do nothing: taking out one that does something would show.
    let limit = try KernelError.decibels(int8.graph, against: graph, data) - 20
    #expect(try KernelError.decibels(narrow.graph, against: graph, data) > limit)
  }

  @Test(arguments: [QuantizationSettings.Weights.int4, .mixed])
  func weightsOfFourBitsKeepTheBudgetInTheBlob(weights: QuantizationSettings.Weights) throws {
    let (graph, data) = (QuantizationFixtures.dense, QuantizationFixtures.data(rows: 24))
    func quantized(_ weights: QuantizationSettings.Weights) throws -> QuantizedModel {
      try Quantizer.quantize(
        graph, calibration: data,
        settings: QuantizationSettings(weights: weights, weightByteBudgetRatio: 0.7))
    }
    func weightsBytes(_ model: QuantizedModel) throws -> Int {
      try Blob.parse(try BlobPacker.pack(model.graph).bytes).header.weightsBytes
    }
    let narrow = try quantized(weights)
    #expect(narrow.report.layers.contains { $0.weightBits == 4 })
    let share = Double(try weightsBytes(narrow)) / Double(try weightsBytes(try quantized(.int8)))
    #expect(share <= 0.7)
    #expect(try KernelError.decibels(narrow.graph, against: graph, data) > 10)
  }

  @Test func int16ActivationsAreCloserThanInt8() throws {
    let (graph, data) = (QuantizationFixtures.logits, QuantizationFixtures.data(rows: 24))
    let narrow = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings())
    let wide = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings(activations: .int16))
    #expect(
      try KernelError.decibels(wide.graph, against: graph, data)
        > KernelError.decibels(narrow.graph, against: graph, data))
  }

  @Test func singleResultsOfInt16ComeBetweenInt8AndInt16() throws {
    let (graph, data) = (QuantizationFixtures.logits, QuantizationFixtures.data(rows: 24))
    var settings = QuantizationSettings()
    let narrow = try Quantizer.quantize(graph, calibration: data, settings: settings)
    let last = try #require(graph.operators.last?.sourceIndices.first)
    settings.wideResults = [last]
    let mixed = try Quantizer.quantize(graph, calibration: data, settings: settings)
    #expect(mixed.graph[mixed.graph.outputs[0]].elementType == .int16)
    #expect(mixed.graph[mixed.graph.inputs[0]].elementType == .int8)
    #expect(
      try KernelError.decibels(mixed.graph, against: graph, data)
        > KernelError.decibels(narrow.graph, against: graph, data))
    let all = Set(graph.operators.flatMap(\.sourceIndices))
    settings.wideResults = Set(all.sorted().prefix(2))
    let front = try Quantizer.quantize(graph, calibration: data, settings: settings)
    #expect(front.graph.operators.contains { $0.kind == .quantize })
    #expect(front.graph[front.graph.outputs[0]].elementType == .int8)
    #expect(Set(front.report.layers.map(\.activationBits)) == [8, 16])
    settings.wideResults = [(all.max() ?? 0) + 1]
    #expect(throws: QuantizationError.self) {
      try Quantizer.quantize(graph, calibration: data, settings: settings)
    }
  }

  @Test(arguments: QuantizationSettings.Weights.allCases)
  func threadsDoNotChangeTheBlob(weights: QuantizationSettings.Weights) throws {
    let data = QuantizationFixtures.data(rows: 24)
    for graph in [QuantizationFixtures.logits, QuantizationFixtures.dense] {
      let blobs = try [1, 2, 5].map { threads in
        try BlobPacker.pack(
          Quantizer.quantize(
            graph, calibration: data,
            settings: QuantizationSettings(
              weights: weights, weightByteBudgetRatio: 0.7, threads: threads)
          ).graph
        ).bytes
      }
      #expect(Set(blobs).count == 1)
    }
  }

  // MARK: Budgets

  /// Layers cost a millisecond for each byte; the rest of the network takes 100.
  private static func budget(_ limit: Double) -> PrecisionBudget {
    PrecisionBudget(unit: "ms", limit: limit, fixedCost: 100) { Double($0.weightBytes) }
  }

  private static func quantized(_ budget: PrecisionBudget) throws -> QuantizedModel {
    var settings = QuantizationSettings(weights: .mixed)
    settings.precisionBudget = budget
    return try Quantizer.quantize(
      QuantizationFixtures.dense, calibration: QuantizationFixtures.data(rows: 24),
      settings: settings)
  }

  @Test func aBudgetIsKeptWithTheLeastError() throws {
    let roomy = try #require(try Self.quantized(Self.budget(1e9)).report.budget)
    #expect(roomy.reached == roomy.int8)
    let model = try Self.quantized(Self.budget((roomy.least + roomy.int8) / 2))
    let tight = try #require(model.report.budget)
    #expect(tight.reached <= tight.limit && tight.reached >= tight.least)
    #expect(model.report.layers.contains { $0.weightBits == 4 })
  }

  @Test func aBudgetOutOfReachIsRefusedWithWhatIsInReach() throws {
    let error = #expect(throws: QuantizationError.self) { try Self.quantized(Self.budget(101)) }
    guard case .budgetOutOfReach("ms", 101, let least, let int8) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(least > 101 && int8 > least)
    #expect(error?.description.contains("cannot be kept") == true)
  }

  // MARK: Scales

  @Test func aPrescribedScaleIsConvertedBeforeItIsJoinedWithAnother() throws {
    var draft = GraphDraft(name: "joined", type: .float32)
    let input = draft.input([1, 4])
    let a = draft.operation(.unary(.logistic), [input], output: [1, 4])
    let b = draft.operation(.concatenation(axis: 1), [input, a], output: [1, 8])
    let graph = draft.graph(inputs: [input], outputs: [b])
    let data = CalibrationData(inputs: [(0..<40).map { Float($0) - 20 }], rowCount: 10)
    let result = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings()
    ).graph
    #expect(result.operators.map(\.kind.label) == ["logistic", "quantize", "concatenation"])
    #expect(try KernelError.decibels(result, against: graph, data) > 30)
  }

  @Test func aPoolOfTheWholeImageHasAScaleOfItsOwn() throws {
    let model = try Quantizer.quantize(
      QuantizationFixtures.logits, calibration: QuantizationFixtures.data(rows: 24),
      settings: QuantizationSettings())
    #expect(model.graph.operators.contains { $0.kind.label == "mean" })
    #expect(!model.graph.operators.contains { $0.kind.label == "average_pool2d" })
  }

  // MARK: Bad input

  @Test func calibrationDataOfAnotherSizeAreRefused() {
    #expect(
      throws: QuantizationError.calibrationSize(
        input: "t0", expected: 60, found: 59, rows: 1)
    ) {
      try Quantizer.quantize(
        QuantizationFixtures.logits,
        calibration: CalibrationData(inputs: [[Float](repeating: 0, count: 59)], rowCount: 1),
        settings: QuantizationSettings())
    }
  }

  @Test(arguments: [Float.nan, Float.infinity])
  func calibrationValuesThatAreNoNumbersAreRefused(value: Float) {
    var data = QuantizationFixtures.data(rows: 3)
    data.inputs[0][70] = value
    #expect(throws: QuantizationError.calibrationNotFinite(input: "t0", row: 1)) {
      try Quantizer.quantize(
        QuantizationFixtures.logits, calibration: data, settings: QuantizationSettings())
    }
  }

  @Test(arguments: [Float.nan, -Float.infinity, Float(1e30)])
  func weightsThatNoScaleHoldsAreRefused(value: Float) throws {
    var graph = QuantizationFixtures.logits
    let filter = try #require(graph.operators[0].inputs[1])
    withUnsafeBytes(of: value) { graph[filter].constant?.replaceSubrange(0..<4, with: $0) }
    #expect(throws: QuantizationError.self) {
      try Quantizer.quantize(
        graph, calibration: QuantizationFixtures.data(rows: 3), settings: QuantizationSettings())
    }
  }

  @Test func aQuantizedGraphIsRefused() {
    #expect(throws: QuantizationError.notFloat(tensor: "t0", type: "int8")) {
      try Quantizer.quantize(
        SampleGraphs.convolutional(type: .int8), calibration: QuantizationFixtures.data(rows: 3),
        settings: QuantizationSettings())
    }
  }

  @Test func deadLayersAreQuantizedWithAWarning() throws {
    let data = CalibrationData(inputs: [[Float](repeating: 0, count: 240)], rowCount: 4)
    var draft = GraphDraft(name: "dead", type: .float32)
    let input = draft.input([1, 60])
    let a = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .relu)),
      [input, draft.weights([5, 60], axis: 0), nil], output: [1, 5])
    let graph = draft.graph(inputs: [input], outputs: [a])
    let model = try Quantizer.quantize(
      graph, calibration: data, settings: QuantizationSettings())
    #expect(model.report.warnings.contains { $0.contains("dead") })
    _ = try BlobPacker.pack(model.graph)
  }
}

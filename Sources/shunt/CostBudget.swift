// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import CostModel
internal import Quantization

/// What an inference may take on a board: time or energy.
enum CostBudget: Equatable {
  case milliseconds(Double)
  case microjoules(Double)

  /// Reads a time: `30ms`, `0.5s`, `800us`.
  static func latency(argument text: String) throws -> CostBudget {
    .milliseconds(try number(text, units: [("ms", 1), ("us", 1e-3), ("s", 1e3)]))
  }

  /// Reads an energy: `250uJ`, `1.5mJ`, `0.002J`.
  static func energy(argument text: String) throws -> CostBudget {
    .microjoules(try number(text, units: [("uJ", 1), ("mJ", 1e3), ("J", 1e6)]))
  }

  private static func number(_ text: String, units: [(name: String, factor: Double)]) throws
    -> Double
  {
    for unit in units where text.hasSuffix(unit.name) {
      guard let value = Double(text.dropLast(unit.name.count)), value > 0, value.isFinite else {
        break
      }
      return value * unit.factor
    }
    let names = units.map(\.name).joined(separator: ", ")
    throw ValidationError("'\(text)' is no number above 0 with one of the units \(names)")
  }
}

/// Works out what each layer costs on a board with weights of eight and of four bits: the network is
/// quantized both ways without care, and the instructions of each step are counted on an emulated board.
struct LayerCosts {
  let workspace: Workspace
  let board: Board
  let path: String
  let request: QuantizationRequest

  /// Rows that ranges are taken from here: instructions do not depend on values.
  private static let rowLimit = 4

  /// The budget in the terms of a search.
  func budget(_ budget: CostBudget) throws -> PrecisionBudget {
    let emulated = try emulatedBoard()
    let chip = try workspace.catalog.modelledChip(of: board)
    let model = try ChipCostModel(chip)
    let millisecondsPerCycle = 1e3 / model.clockHz
    let unit: String
    let limit: Double
    let factor: Double
    switch budget {
    case .milliseconds(let value):
      unit = "ms"
      limit = value
      factor = millisecondsPerCycle
    case .microjoules(let value):
      guard let energy = model.energyModel else {
        throw Failure.usage(
          "--energy-budget: no power figure is published for \(chip.id); say --latency-budget")
      }
      unit = "uJ"
      limit = value
      factor = millisecondsPerCycle * 1e3 * energy.watts(in: .inference)
    }
    let (whole, byte) = try cycles(.int8, on: emulated, chip: chip.id)
    let (_, nibble) = try cycles(.int4, on: emulated, chip: chip.id)
    let layers = Set(nibble.keys).intersection(byte.keys)
    let choice = layers.reduce(0) { $0 + (byte[$1] ?? 0) }
    return PrecisionBudget(unit: unit, limit: limit, fixedCost: factor * max(0, whole - choice)) {
      layer in
      guard layers.contains(layer.sourceOperator) else { return 0 }
      let cycles = layer.weightBits == 4 ? nibble : byte
      return factor * (cycles[layer.sourceOperator] ?? 0)
    }
  }

  /// Cycles of the whole network, and of its layers by their places in the model file.
  private func cycles(
    _ weights: QuantizationSettings.Weights, on emulated: Board, chip: String
  ) throws -> (whole: Double, layers: [Int: Double]) {
    var quick = request
    quick.settings = QuantizationSettings(
      weights: weights, activations: request.settings.activations, calibration: .minMax,
      equalizesChannels: false, roundsAgainstOutputs: false, correctsBiases: false)
    quick.settings.wideResults = request.settings.wideResults
    quick.rowLimit = min(quick.rowLimit, Self.rowLimit)
    let model = try workspace.pack(
      try ModelFile.load(path, quantizing: quick) { _ in }, for: emulated)
    Console.message(
      "counting instructions with weights of \(weights == .int8 ? "8" : "4") bits on \(emulated.id)"
    )
    let benchmark = try workspace.benchmark(
      model, on: emulated, as: chip, hasMeter: false,
      rows: BenchmarkInput.noise(byteCount: model.document.inputBytes, seed: 1).rows)
    defer { benchmark.close() }
    let steps = try benchmark.profile().operators
    let whole = steps.reduce(0) { $0 + ($1.cycles ?? 0) }
    let layers = steps.filter { $0.macs > 0 }.flatMap { step in
      step.sourceOperators.map { ($0, step.cycles ?? 0) }
    }
    return (whole, Dictionary(layers, uniquingKeysWith: +))
  }

  /// The board itself, or an emulated one with its core and kernels.
  private func emulatedBoard() throws -> Board {
    if board.emulator != nil { return board }
    let soc = workspace.catalog.soc(of: board)
    let twin = workspace.catalog.boards.first { other in
      let chip = workspace.catalog.soc(of: other)
      return other.emulator != nil && chip.core == soc.core && chip.kernelSets == soc.kernelSets
    }
    guard let twin else {
      throw BoardSupportError.notSupported(
        board: board.id, action: "have its layers' time and energy modelled",
        remedy: "Choose a board whose core is emulated (shunt boards), or say --weight-budget")
    }
    return twin
  }
}

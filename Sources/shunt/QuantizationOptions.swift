// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import Benchmarking
internal import BoardSupport
public import Quantization
internal import TensorFiles

/// How a float model is quantized.
struct QuantizationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Typical inputs [N, ...] to quantize a float model with, about 100: .npy, or a folder with \
      inputs.npy and perhaps labels.csv. Once for each input of the model.
      """, valueName: "[name=]data"),
    completion: .directory)
  var calibrate: [String] = []
  @Option(
    name: .customLong("split"),
    help: "The calibration rows to take, where labels have splits (default: calib).")
  var split: Split?
  @Option(
    name: .customLong("calibration-rows"),
    help: "Use at most so many calibration rows, at equal distances.")
  var rows: Int?
  @Option(help: "Bits of the weights (default: int8).") var weights: QuantizationSettings.Weights?
  @Option(
    help: ArgumentHelp(
      """
      Bits of the activations (default: int8); int16:OP,... for the results of some operators only, by \
      their positions in the model file, which --explain lists.
      """, valueName: "int8|int16|int16:op,..."),
    transform: ActivationChoice.init(argument:))
  var activations: ActivationChoice?
  @Option(
    help: "How ranges of activations are found (default: tried, and chosen by measured error).")
  var calibration: CalibrationMethod?
  @Option(
    name: .customLong("weight-budget"),
    help: ArgumentHelp(
      """
      With --weights mixed: the most that weights may take, as a share of int8's (0.6, 60%) or in bytes.
      """, valueName: "ratio|bytes"),
    transform: WeightBudget.init(argument:))
  var weightBudget: WeightBudget?

  @Option(
    name: .customLong("latency-budget"),
    help: ArgumentHelp(
      """
      With --weights mixed: the most time that an inference may take on the board, modelled (30ms, 0.5s, \
      800us).
      """, valueName: "time"),
    transform: CostBudget.latency(argument:))
  var latencyBudget: CostBudget?
  @Option(
    name: .customLong("energy-budget"),
    help: ArgumentHelp(
      """
      With --weights mixed: the most energy that an inference may take on the board, modelled (250uJ, \
      1.5mJ).
      """, valueName: "energy"),
    transform: CostBudget.energy(argument:))
  var energyBudget: CostBudget?

  /// The bits of activations.
  struct ActivationChoice {
    var bits: QuantizationSettings.Activations
    /// Operators with results of int16 in a network of int8.
    var wideResults: Set<Int> = []

    init(argument text: String) throws {
      if let bits = QuantizationSettings.Activations(rawValue: text) {
        self.bits = bits
        return
      }
      let places = text.hasPrefix("int16:") ? text.dropFirst(6).split(separator: ",") : []
      let numbers = places.compactMap { Int($0) }.filter { $0 >= 0 }
      guard !numbers.isEmpty, numbers.count == places.count else {
        throw ValidationError(
          "'\(text)' is neither int8 nor int16, nor int16: with positions of operators, such as "
            + "int16:3,5")
      }
      bits = .int8
      wideResults = Set(numbers)
    }
  }

  /// The most bytes that weights may take.
  enum WeightBudget: Equatable {
    case ratio(Double)
    case bytes(Int)

    init(argument text: String) throws {
      let percent = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : nil
      if let bytes = Int(text), bytes > 1 {
        self = .bytes(bytes)
      } else if let ratio = percent ?? Double(text), ratio > 0, ratio <= 1 {
        self = .ratio(ratio)
      } else {
        throw ValidationError(
          "'\(text)' is neither a share of int8's weights, such as 0.6 or 60%, nor a number of bytes"
        )
      }
    }
  }

  func validate() throws {
    guard rows ?? 1 > 0 else { throw ValidationError("--calibration-rows takes 1 or more") }
    let budgets = [
      ("--weight-budget", weightBudget != nil), ("--latency-budget", latencyBudget != nil),
      ("--energy-budget", energyBudget != nil),
    ].filter(\.1).map(\.0)
    guard budgets.isEmpty || weights == .mixed else {
      throw ValidationError("\(budgets[0]) belongs to --weights mixed")
    }
    guard budgets.count < 2 else {
      throw ValidationError("say one of \(budgets.joined(separator: " and ")), not both")
    }
  }

  /// What these options ask for.
  ///
  /// - Parameter inputs: How integers in the calibration data stand for reals.
  func request(_ inputs: InputOptions) -> QuantizationRequest {
    var settings = QuantizationSettings()
    settings.weights = weights ?? settings.weights
    settings.activations = activations?.bits ?? settings.activations
    settings.wideResults = activations?.wideResults ?? []
    settings.calibration = calibration
    if case .ratio(let ratio) = weightBudget { settings.weightByteBudgetRatio = ratio }
    var request = QuantizationRequest(
      calibration: calibrate, split: split ?? .calib, inputQuantization: inputs.quantization,
      rowLimit: rows ?? QuantizationRequest.usualRowLimit, settings: settings, options: given)
    if case .bytes(let bytes) = weightBudget { request.weightByteBudget = bytes }
    return request
  }

  /// The options that were given.
  private var given: [String] {
    let options: [(String, Bool)] = [
      ("--calibrate", !calibrate.isEmpty), ("--split", split != nil),
      ("--calibration-rows", rows != nil), ("--weights", weights != nil),
      ("--activations", activations != nil), ("--calibration", calibration != nil),
      ("--weight-budget", weightBudget != nil), ("--latency-budget", latencyBudget != nil),
      ("--energy-budget", energyBudget != nil),
    ]
    return options.filter(\.1).map(\.0)
  }

  /// Reads a blob or a model, and quantizes a float one; progress and warnings go to standard error.
  ///
  /// - Parameter board: The board that budgets of time and energy are for, if there is one.
  func load(_ path: String, _ inputs: InputOptions, for board: String? = nil) throws -> ModelFile {
    var request = request(inputs)
    if let budget = latencyBudget ?? energyBudget {
      guard let board else {
        throw Failure.usage("budgets of time and energy are those of a board: say --board BOARD")
      }
      let workspace = try Workspace()
      request.settings.precisionBudget = try LayerCosts(
        workspace: workspace, board: try workspace.catalog.board(board), path: path,
        request: request
      ).budget(budget)
    }
    let file = try ModelFile.load(path, quantizing: request) { progress in
      Console.progress(
        "\(progress.stage.text)", done: progress.completed, total: progress.total)
    }
    Console.endProgress()
    for warning in file.quantization?.warnings ?? [] { Console.message("warning: \(warning)") }
    return file
  }
}

extension QuantizationProgress.Stage {
  /// What is being done, for a line of progress.
  fileprivate var text: String {
    switch self {
    case .observing: "observing ranges"
    case .choosing: "choosing a calibration"
    case .rounding: "rounding weights"
    case .measuring: "measuring errors"
    }
  }
}

extension QuantizationSettings.Weights: ExpressibleByArgument {}

extension CalibrationMethod: ExpressibleByArgument {}

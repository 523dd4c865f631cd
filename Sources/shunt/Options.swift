// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import Benchmarking
public import BlobFormat
internal import BoardSupport
internal import SampleFiles
public import TensorFiles

/// How a result is printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output.")
  var json = false
}

/// How inputs are read.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input-quantization"),
    help: ArgumentHelp(
      "How integers in the inputs stand for reals: real = SCALE * (q - ZP).", valueName: "scale,zp"),
    transform: Self.quantization)
  var quantization: LinearQuantization?

  /// The data sets of a model's inputs.
  ///
  /// - Parameters:
  ///   - arguments: `FILE` or `NAME=FILE`, one for each input.
  ///   - option: Where they were given, for messages.
  func dataSets(
    of arguments: [String], for document: BlobDocument, option: String
  ) throws -> [DataSet] {
    try PortFiles(arguments, ports: document.inputs, side: .input, option: option).paths
      .enumerated().compactMap { port, path in
        try path.map {
          try SampleReader(
            shape: document.modelShape(ofInput: port),
            preprocessing: document.metadata.preprocessing ?? Preprocessing(),
            labels: document.metadata.labels ?? []
          ).read($0)
        }
      }
  }

  private static func quantization(_ text: String) throws -> LinearQuantization {
    guard let quantization = LinearQuantization(argument: text) else {
      throw ValidationError("'\(text)' is not SCALE,ZP, such as 0.0078125,-128")
    }
    return quantization
  }
}

/// How much RAM a model that is packed may take.
struct MemoryOptions: ParsableArguments {
  @Option(
    name: .customLong("arena-limit"),
    help: ArgumentHelp(
      """
      Bytes that the arena may have: steps are executed in as many bands of rows as that takes; \
      an error if that is not enough.
      """, valueName: "bytes"))
  var arenaLimit: Int?

  func validate() throws {
    guard arenaLimit ?? 1 > 0 else { throw ValidationError("--arena-limit takes 1 or more") }
  }
}

/// How a board that already runs is reached.
struct PortOptions: ParsableArguments {
  @Option(
    help: """
      The port of a board whose agent is running: a serial port, a pseudo terminal, or tcp://HOST:PORT.
      """)
  var port: String?
}

extension Split: ExpressibleByArgument {}

extension KernelSet: ExpressibleByArgument {}

extension Rounding: ExpressibleByArgument {}

extension CompletionKind {
  /// Completes the ids of boards.
  static var boards: CompletionKind {
    .custom { _, _, _ in
      guard let root = try? ResourceRoot.find(), let catalog = try? BoardCatalog(resources: root)
      else { return [] }
      return catalog.boards.map(\.id)
    }
  }

  /// Completes model files.
  static var models: CompletionKind { .file(extensions: ["tflite", "onnx"]) }

  /// Completes models and blobs.
  static var modelsAndBlobs: CompletionKind { .file(extensions: ["tflite", "onnx", "shunt"]) }

  /// Completes blobs.
  static var blobs: CompletionKind { .file(extensions: ["shunt"]) }

  /// Completes arrays.
  static var arrays: CompletionKind { .file(extensions: ["npy"]) }
}

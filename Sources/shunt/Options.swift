// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import BoardSupport

/// How a result is printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document on standard output.")
  var json = false
}

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
}

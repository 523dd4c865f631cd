// SPDX-License-Identifier: Apache-2.0

/// What to use instead of operators of TensorFlow Lite that are not supported.
enum TFLiteRemedies {
  /// Advice for the operator with this name.
  static func remedy(for name: String) -> String {
    for (names, advice) in table where names.contains(name) { return advice }
    return
      "replace it by supported operators (\(TFLiteOperators.supportedNames.joined(separator: ", ")))"
  }

  private static let table: [(names: Set<String>, advice: String)] = [
    (
      ["L2_POOL_2D", "REDUCE_PROD"],
      "use AVERAGE_POOL_2D or MAX_POOL_2D over the whole image, then RESHAPE"
    ),
    (
      ["SHAPE", "RANGE", "RANK"],
      "export the model with a fixed batch size of 1: arithmetic on shapes then folds away"
    ),
    (
      [
        "LSTM", "RNN", "UNIDIRECTIONAL_SEQUENCE_RNN", "BIDIRECTIONAL_SEQUENCE_LSTM",
        "BIDIRECTIONAL_SEQUENCE_RNN",
      ],
      "use UNIDIRECTIONAL_SEQUENCE_LSTM (in Keras an LSTM layer, not unrolled) or SVDF"
    ),
    (
      ["WHILE", "IF"],
      "control flow is not supported: a Keras LSTM layer stays one operator if the model has a fixed "
        + "batch size"
    ),
    (
      ["TOPK_V2"],
      "end the network before it, and pick the best class from the output"
    ),
    (
      ["DELEGATE"], "use the model as it was before a delegate or accelerator compiler changed it"
    ),
  ]
}

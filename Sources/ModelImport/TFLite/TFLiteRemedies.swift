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
      ["RELU", "RELU6", "RELU_N1_TO_1"],
      "put it directly behind a convolution, fully connected layer or addition: the converter then "
        + "fuses it into that operator"
    ),
    (
      [
        "LOGISTIC", "TANH", "HARD_SWISH", "ELU", "GELU", "LEAKY_RELU", "PRELU", "EXP",
        "RELU_0_TO_1",
      ],
      "use a RELU or RELU6 activation; at the end of the network leave it out and apply it to the "
        + "output"
    ),
    (
      ["L2_POOL_2D", "REDUCE_PROD"],
      "use AVERAGE_POOL_2D or MAX_POOL_2D over the whole image, then RESHAPE"
    ),
    (
      ["PAD", "PADV2", "MIRROR_PAD"],
      "use padding SAME in the convolution behind it, or pad the input before inference"
    ),
    (
      ["MUL", "SUB", "DIV", "BATCH_MATMUL"],
      "fold constant factors and offsets (batch normalization) into the weights before converting; "
        + "use FULLY_CONNECTED for products with constant matrices"
    ),
    (
      ["SQUEEZE", "EXPAND_DIMS"], "use RESHAPE with a constant shape"
    ),
    (
      ["SHAPE", "PACK", "UNPACK", "GATHER", "RANGE", "FILL", "TILE", "BROADCAST_TO", "RANK"],
      "export the model with a fixed batch size of 1: arithmetic on shapes then folds away"
    ),
    (
      ["TRANSPOSE"], "export the model in channels-last (NHWC) order"
    ),
    (
      ["VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE"],
      "networks that keep state are not supported yet: export the non-streaming form of the model"
    ),
    (
      [
        "LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM", "RNN", "UNIDIRECTIONAL_SEQUENCE_RNN", "SVDF",
        "BIDIRECTIONAL_SEQUENCE_LSTM", "BIDIRECTIONAL_SEQUENCE_RNN", "WHILE", "IF",
      ],
      "recurrent networks and control flow are not supported yet: use a convolutional network over a "
        + "window of time"
    ),
    (
      ["TRANSPOSE_CONV", "RESIZE_NEAREST_NEIGHBOR", "DEPTH_TO_SPACE"],
      "networks that enlarge images are not supported yet: end the network before this operator"
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

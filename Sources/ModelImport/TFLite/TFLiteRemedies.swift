// SPDX-License-Identifier: Apache-2.0

/// What to use instead of operators of TensorFlow Lite that are not supported.
enum TFLiteRemedies {
  /// Advice for the operator with this name; a custom operator's is `CUSTOM` and its own.
  static func remedy(for name: String) -> String {
    for (names, advice) in table where names.contains(name) { return advice }
    if name.hasPrefix("CUSTOM ") { return remedy(forCustom: name) }
    if name.hasPrefix("STABLEHLO_") {
      return "convert the model to builtin operators of TensorFlow Lite, without StableHLO"
    }
    if name.hasPrefix("BUILTIN_") { return "it is newer than this version of Shunt knows" }
    return "express it with supported operators (shunt operators lists them)"
  }

  private static func remedy(forCustom name: String) -> String {
    let lower = name.lowercased()
    if lower.contains("postprocess") || lower.contains("nonmaxsuppression") {
      return selectionAdvice
    }
    if ["fft", "signal", "audio", "mfcc", "pcan", "window", "energy"].contains(
      where: lower.contains)
    {
      return spectrumAdvice
    }
    if lower.contains("flex") {
      return
        "it is an operator of TensorFlow itself: convert the model for TFLITE_BUILTINS_INT8 only"
    }
    if lower.contains("ethos") || lower.contains("edgetpu") || lower.contains("vela") {
      return compiledAdvice
    }
    return "express it with builtin operators, or end the network before it and compute it in the "
      + "application"
  }

  private static let selectionAdvice =
    "end the network before it, at the tensors that it reads, and select boxes or classes in the "
    + "application"
  private static let spectrumAdvice =
    "compute features in the application, and begin the network with them"
  private static let compiledAdvice =
    "use the model as it was before a delegate or accelerator compiler changed it"
  private static let shapeAdvice =
    "export the model with fixed shapes and a batch size of 1: arithmetic on shapes then folds away"
  private static let lookupAdvice =
    "look it up in the application, and give the network its result as an input"
  private static let roundingAdvice =
    "on quantized values it is seldom meant: remove it, or compute it in the application behind the "
    + "network"
  private static let integerAdvice =
    "do this arithmetic in the application, in front of or behind the network"

  private static let table: [(names: Set<String>, advice: String)] = [
    (
      ["POW", "ATAN2"],
      "at the end of the network leave it out and apply it to the output; inside, use MUL for integer "
        + "powers"
    ),
    (
      ["SIGN"],
      "use GREATER and LESS with SELECT_V2"
    ),
    (["FLOOR", "CEIL", "ROUND", "FAKE_QUANT"], roundingAdvice),
    (
      ["FLOOR_DIV", "FLOOR_MOD", "BITCAST", "BITWISE_XOR", "RIGHT_SHIFT", "BUCKETIZE", "ONE_HOT"],
      integerAdvice
    ),
    (["ADD_N"], "use ADD for two at a time"),
    (
      ["L2_POOL_2D"],
      "use AVERAGE_POOL_2D or MAX_POOL_2D; it is MUL of the image with itself, AVERAGE_POOL_2D, and "
        + "a root"
    ),
    (
      ["LOCAL_RESPONSE_NORMALIZATION"],
      "use batch normalization, which the converter folds into convolutions"
    ),
    (
      ["REDUCE_PROD", "REDUCE_ANY", "REDUCE_ALL", "REDUCE_WINDOW"],
      "use SUM, MEAN, REDUCE_MAX or REDUCE_MIN; of truth values CAST to int8, any is REDUCE_MAX and "
        + "all is REDUCE_MIN"
    ),
    (
      ["SHAPE", "RANGE", "RANK", "BROADCAST_ARGS", "DYNAMIC_UPDATE_SLICE"], shapeAdvice
    ),
    (
      ["CONV_3D", "CONV_3D_TRANSPOSE"],
      "use CONV_2D: put the depth into the channels, or add up one CONV_2D per slice"
    ),
    (
      [
        "LSTM", "RNN", "UNIDIRECTIONAL_SEQUENCE_RNN", "BIDIRECTIONAL_SEQUENCE_RNN",
      ],
      "use UNIDIRECTIONAL_SEQUENCE_LSTM (in Keras an LSTM layer, not unrolled) or SVDF"
    ),
    (
      ["BIDIRECTIONAL_SEQUENCE_LSTM"],
      "use two UNIDIRECTIONAL_SEQUENCE_LSTM, one on the reversed sequence (REVERSE_V2), and "
        + "CONCATENATION"
    ),
    (
      ["WHILE", "IF", "CALL"],
      "control flow is not supported: a Keras LSTM layer stays one operator if the model has a fixed "
        + "batch size; other loops can be unrolled, and SELECT_V2 chooses between values"
    ),
    (
      ["TOPK_V2", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5", "UNIQUE", "WHERE"],
      selectionAdvice
    ),
    (
      [
        "EMBEDDING_LOOKUP", "EMBEDDING_LOOKUP_SPARSE", "CONCAT_EMBEDDINGS", "HASHTABLE",
        "HASHTABLE_FIND", "HASHTABLE_IMPORT", "HASHTABLE_SIZE", "HASHTABLE_LOOKUP",
        "LSH_PROJECTION", "SKIP_GRAM",
      ],
      lookupAdvice
    ),
    (["RFFT2D", "REAL", "IMAG", "COMPLEX_ABS"], spectrumAdvice),
    (
      [
        "SPARSE_TO_DENSE", "SCATTER_ND", "SEGMENT_SUM", "UNSORTED_SEGMENT_PROD",
        "UNSORTED_SEGMENT_MAX", "UNSORTED_SEGMENT_SUM", "UNSORTED_SEGMENT_MIN", "MATRIX_DIAG",
        "MATRIX_SET_DIAG", "REVERSE_SEQUENCE",
      ],
      "with constant indices use GATHER, PAD and SELECT_V2; else do it in the application"
    ),
    (["DENSIFY"], "convert the model without sparse weights: they are stored densely here"),
    (
      ["RANDOM_UNIFORM", "RANDOM_STANDARD_NORMAL", "MULTINOMIAL"],
      "export the model for inference, without dropout or sampling; or give random numbers as an input"
    ),
    (["DELEGATE"], compiledAdvice),
  ]
}

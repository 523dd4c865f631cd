// SPDX-License-Identifier: Apache-2.0

/// What to use instead of operators of ONNX that are not supported.
enum ONNXRemedies {
  /// Advice for the operator of this type; operators of other domains carry theirs.
  static func remedy(for type: String) -> String {
    for (names, advice) in table where names.contains(type) { return advice }
    if type.hasPrefix("com.microsoft.") {
      return
        "export the model without ONNX Runtime's own optimizations: give Shunt the model as its "
        + "exporter wrote it"
    }
    if type.hasPrefix("ai.onnx.ml.") {
      return "it belongs to classical machine learning: compute it in the application, behind the "
        + "network"
    }
    if type.contains(".") {
      return "it is no operator of ONNX: export the model without custom operators and functions "
        + "(onnx.inliner expands functions)"
    }
    return "express it with supported operators"
  }

  private static let selectionAdvice =
    "end the network before it, at the tensors that it reads, and select boxes or classes in the "
    + "application"
  private static let sequenceAdvice =
    "export the model without control flow and sequences: fixed shapes and unrolled loops, or trace it "
    + "instead of scripting it"
  private static let shapeAdvice =
    "export the model with fixed shapes and a batch size of 1, and fold its constants (onnxsim does)"
  private static let spectrumAdvice =
    "compute features in the application, and begin the network with them"
  private static let normalizationAdvice =
    "use batch normalization, which becomes part of the convolution in front of it"
  private static let randomAdvice =
    "export the model for inference (model.eval()), without dropout or sampling; or give random "
    + "numbers as an input"
  private static let recurrentAdvice =
    "use convolutions over time, or export the layer as a TensorFlow Lite model with "
    + "UNIDIRECTIONAL_SEQUENCE_LSTM"

  private static let table: [(names: Set<String>, advice: String)] = [
    (
      ["NonMaxSuppression", "TopK", "Unique", "NonZero", "RoiAlign", "MaxRoiPool"], selectionAdvice
    ),
    (
      [
        "If", "Loop", "Scan", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase",
        "SequenceInsert", "SequenceLength", "SequenceMap", "ConcatFromSequence", "SplitToSequence",
        "Optional", "OptionalGetElement", "OptionalHasElement",
      ], sequenceAdvice
    ),
    (["Size", "Range", "OneHot", "EyeLike", "Compress", "Trilu"], shapeAdvice),
    (
      ["DFT", "STFT", "MelWeightMatrix", "HannWindow", "HammingWindow", "BlackmanWindow"],
      spectrumAdvice
    ),
    (["LRN"], normalizationAdvice),
    (
      [
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial",
        "Bernoulli",
      ], randomAdvice
    ),
    (["LSTM", "GRU", "RNN"], recurrentAdvice),
    (
      ["DynamicQuantizeLinear", "MatMulInteger", "ConvInteger"],
      "quantize the model statically, with fixed scales, or give Shunt the float model"
    ),
    (["GlobalLpPool", "LpPool"], "use AveragePool or MaxPool"),
    (["Erf"], "export the model with opset_version=20, where GELU is one operator"),
    (["Einsum"], "use MatMul and Transpose"),
    (
      ["ScatterElements", "ScatterND", "Scatter", "GatherElements", "GatherND", "ReverseSequence"],
      "with constant indices use Gather and Concat; else do it in the application"
    ),
    (
      ["DeformConv", "Col2Im", "GridSample", "AffineGrid", "MaxUnpool"],
      "use Conv, ConvTranspose and Resize"
    ),
    (
      ["Attention", "RotaryEmbedding"],
      "export the model with opset_version=17, where attention "
        + "consists of MatMul and Softmax"
    ),
    (
      [
        "StringNormalizer", "StringConcat", "StringSplit", "RegexFullMatch", "TfIdfVectorizer",
        "LabelEncoder", "ImageDecoder",
      ],
      "do this in the application, in front of the network"
    ),
  ]
}

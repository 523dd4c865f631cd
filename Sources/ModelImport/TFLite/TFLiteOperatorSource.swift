// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What a file says about one operator: its options and the tensors at its ends.
struct TFLiteOperatorSource {
  /// The table of options; `nil` if the file has none for this operator.
  var options: FlatBufferTable?
  /// The inputs, `nil` where one is left out; as many as the file lists.
  var inputs: [Tensor?]
  /// The outputs.
  var outputs: [Tensor]

  /// The integer in an option field.
  func integer(_ field: Int, _ fallback: Int32 = 0) throws(TFLiteProblem) -> Int {
    guard let options else { return Int(fallback) }
    return Int(try reading { () throws(FlatBufferError) in try options.integer(field, fallback) })
  }

  /// The byte-sized number in an option field, such as an enumeration's.
  func byte(_ field: Int) throws(TFLiteProblem) -> Int {
    guard let options else { return 0 }
    return Int(try reading { () throws(FlatBufferError) in try options.integer(field, Int8(0)) })
  }

  /// The Boolean in an option field.
  func bool(_ field: Int) throws(TFLiteProblem) -> Bool { try byte(field) != 0 }

  /// The float in an option field.
  func float(_ field: Int, _ fallback: Float) throws(TFLiteProblem) -> Float {
    guard let options else { return fallback }
    return try reading { () throws(FlatBufferError) in try options.float(field, fallback) }
  }

  /// The shape of an input that must have `rank` dimensions.
  func shape(ofInput index: Int, rank: Int, _ role: String) throws(TFLiteProblem) -> Shape {
    guard inputs.indices.contains(index), let shape = inputs[index]?.shape else {
      throw .damaged("\(role) is missing")
    }
    guard shape.rank == rank else {
      throw .damaged("\(role) is \(shape), but must have \(rank) dimensions")
    }
    return shape
  }

  /// The input at `index`.
  func input(_ index: Int, _ role: String) throws(TFLiteProblem) -> Tensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw .damaged("\(role) is missing")
    }
    return tensor
  }

  /// The elements of a constant int32 or int64 input, such as axes or paddings.
  func integers(ofInput index: Int, _ role: String) throws(TFLiteProblem) -> [Int] {
    let tensor = try input(index, role)
    // An empty list has no bytes.
    if tensor.shape.dimensions.contains(0) { return [] }
    guard tensor.constant != nil else {
      throw .unsupported(
        reason: "\(role) is computed at run time",
        remedy: "export the model with fixed shapes and a batch size of 1: it then becomes constant"
      )
    }
    guard let values = tensor.integers else {
      throw .damaged(
        "\(role) is \(tensor.elementType.rawValue) \(tensor.shape), but must be int32 or int64")
    }
    return values
  }

  /// The elements of a constant int32 or int64 input that must have `count` of them.
  func integers(
    ofInput index: Int, _ role: String, count: Int
  ) throws(TFLiteProblem) -> [Int] {
    let values = try integers(ofInput: index, role)
    guard values.count == count else {
      throw .damaged("\(role) has \(values.count) numbers, but must have \(count)")
    }
    return values
  }

  /// A dimension of a tensor with `rank` of them, counted from the end if it is negative.
  func axis(_ value: Int, rank: Int) throws(TFLiteProblem) -> Int {
    guard (-rank..<rank).contains(value) else {
      throw .damaged("it works along dimension \(value) of \(rank)")
    }
    return value < 0 ? value + rank : value
  }

  /// The fused activation in an option field (enum ActivationFunctionType).
  func activation(_ field: Int) throws(TFLiteProblem) -> Activation {
    switch try byte(field) {
    case 0: return .none
    case 1: return .relu
    case 2: return .reluN1To1
    case 3: return .relu6
    case let code:
      let name = [4: "TANH", 5: "SIGN_BIT"][code] ?? "number \(code)"
      throw .unsupported(
        reason: "the fused activation \(name) is not supported",
        remedy: "use RELU, RELU6, RELU_N1_TO_1 or none")
    }
  }

  /// The padding rule in an option field (enum Padding).
  func padding(_ field: Int) throws(TFLiteProblem) -> Padding {
    switch try byte(field) {
    case 0: return .same
    case 1: return .valid
    case let code: throw .damaged("padding rule \(code) does not exist")
    }
  }

  /// A pair of integers in two option fields.
  func spatial(
    height: Int, width: Int, _ fallback: Int32 = 0
  ) throws(TFLiteProblem) -> Spatial {
    Spatial(height: try integer(height, fallback), width: try integer(width, fallback))
  }
}

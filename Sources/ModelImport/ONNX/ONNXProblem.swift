// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a part of an ONNX file, before it is known which part.
enum ONNXProblem: Error {
  /// The file contradicts its format, or an operator's specification.
  case damaged(String)
  /// The file asks for something that is not supported.
  case unsupported(reason: String, remedy: String)
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Matrices.
enum ONNXMatrices {
  static let entries: [String: ONNXOperators.Entry] = [:]
}

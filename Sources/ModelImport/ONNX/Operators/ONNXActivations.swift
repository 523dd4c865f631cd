// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Activations.
enum ONNXActivations {
  static let entries: [String: ONNXOperators.Entry] = [:]
}

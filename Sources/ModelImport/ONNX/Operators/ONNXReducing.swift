// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reducing.
enum ONNXReducing {
  static let entries: [String: ONNXOperators.Entry] = [:]
}

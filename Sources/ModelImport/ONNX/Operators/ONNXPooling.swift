// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Pooling.
enum ONNXPooling {
  static let entries: [String: ONNXOperators.Entry] = [:]
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Convolutions.
enum ONNXConvolutions {
  static let entries: [String: ONNXOperators.Entry] = [:]
}

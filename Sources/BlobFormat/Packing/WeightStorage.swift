// SPDX-License-Identifier: Apache-2.0

/// How a blob stores the weights of convolutions and fully connected layers. The results are the same
/// to the bit.
public enum WeightStorage: String, Sendable, Codable, CaseIterable {
  /// In four bits each wherever the weights have that form and take fewer bytes so, else in eight.
  case smallest
  /// In eight bits each.
  case int8
}

// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// Puts another tensor ID for every one that operators and the interface mention.
  mutating func replaceTensorIDs(_ newID: (TensorID) -> TensorID) {
    inputs = inputs.map(newID)
    outputs = outputs.map(newID)
    for index in operators.indices {
      operators[index].inputs = operators[index].inputs.map { $0.map(newID) }
      operators[index].outputs = operators[index].outputs.map(newID)
    }
  }
}

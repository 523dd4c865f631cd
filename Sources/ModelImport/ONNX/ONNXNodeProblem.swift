// SPDX-License-Identifier: Apache-2.0

/// What is wrong with one node of a file.
struct ONNXNodeProblem: Error {
  /// The node's position in the file.
  var index: Int
  /// What is wrong.
  var problem: ONNXProblem

  init(_ index: Int, _ problem: ONNXProblem) {
    self.index = index
    self.problem = problem
  }
}

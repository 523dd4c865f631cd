// SPDX-License-Identifier: Apache-2.0

extension SliceAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    guard [begin, size, stride].allSatisfy({ $0.count == shape.rank }) else {
      throw OperatorProblem("it names another number of dimensions than its input \(shape) has")
    }
    for axis in 0..<shape.rank { try check(axis, extent: shape[axis]) }
    guard droppedAxes == droppedAxes.sorted(), Set(droppedAxes).count == droppedAxes.count,
      droppedAxes.allSatisfy({ size.indices.contains($0) && size[$0] == 1 })
    else {
      throw OperatorProblem(
        "it drops dimensions \(droppedAxes), but may only drop existing ones of size 1")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [Shape(size.indices.filter { !droppedAxes.contains($0) }.map { size[$0] })]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    for list in [begin, size, stride, droppedAxes] { encoder.append(list) }
  }

  /// Requires the first and the last element along `axis` to lie inside.
  private func check(_ axis: Int, extent: Int) throws(OperatorProblem) {
    let problem = OperatorProblem(
      "along dimension \(axis) it takes \(size[axis]) elements from \(begin[axis]) in steps of "
        + "\(stride[axis]), but the input has \(extent)")
    guard (0..<extent).contains(begin[axis]), size[axis] >= 1, stride[axis] != 0 else {
      throw problem
    }
    let (reach, overflow) = (size[axis] - 1).multipliedReportingOverflow(by: stride[axis])
    let (last, wrapped) = begin[axis].addingReportingOverflow(reach)
    guard !overflow, !wrapped, (0..<extent).contains(last) else { throw problem }
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reduces some dimensions to one element each.
struct ReduceKernel: Kernel {
  private let function: ReduceAttributes.Function
  private let input: TensorSlot
  private let output: TensorSlot
  /// The result, with dimensions of 1 for those that go, walks beside the input.
  private let walk: Broadcast

  init(_ view: OperatorView, _ attributes: ReduceAttributes) throws(GraphExecutionError) {
    function = attributes.function
    input = try view.floatInput(0)
    output = try view.floatOutput()
    var kept = input.shape
    for axis in attributes.axes { kept.dimensions[axis] = 1 }
    walk = Broadcast([input.shape, kept], output: input.shape)
  }

  func run(_ memory: TensorMemory) {
    let (x, y) = (memory.floats(input), memory.floats(output))
    switch function {
    case .sum, .mean:
      reduce(x, y, initial: 0) { $0 + $1 }
      guard function == .mean else { return }
      let count = Float(input.count / output.count)
      for index in 0..<output.count { y[index] /= count }
    case .maximum: reduce(x, y, initial: -.infinity) { $1 <= $0 ? $0 : $1 }
    case .minimum: reduce(x, y, initial: .infinity) { $1 >= $0 ? $0 : $1 }
    }
  }

  @inline(__always)
  private func reduce(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, initial: Float,
    _ function: (Float, Float) -> Float
  ) {
    y.update(repeating: initial, count: output.count)
    for row in 0..<walk.rowCount {
      let source = x + row * walk.rowLength
      let target = y + walk.offsets(ofRow: row)[1]
      if walk.rowSteps[1] == 0 {
        target[0] = function(target[0], fold(source, initial, function))
      } else {
        for index in 0..<walk.rowLength { target[index] = function(target[index], source[index]) }
      }
    }
  }

  /// A row becomes one element; four partial results keep sums of many elements accurate.
  @inline(__always)
  private func fold(
    _ row: UnsafeMutablePointer<Float>, _ initial: Float, _ function: (Float, Float) -> Float
  ) -> Float {
    let length = walk.rowLength
    var (a, b, c, d) = (initial, initial, initial, initial)
    var index = 0
    while index + 4 <= length {
      a = function(a, row[index])
      b = function(b, row[index + 1])
      c = function(c, row[index + 2])
      d = function(d, row[index + 3])
      index += 4
    }
    while index < length {
      a = function(a, row[index])
      index += 1
    }
    return function(function(a, b), function(c, d))
  }
}

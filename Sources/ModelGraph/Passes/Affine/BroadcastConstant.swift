// SPDX-License-Identifier: Apache-2.0

/// Constant floats that broadcast to a tensor.
struct BroadcastConstant {
  /// The dimensions.
  var shape: Shape
  /// The elements.
  var values: [Float]

  /// The elements of a constant of float32; `nil` for everything else.
  init?(_ id: TensorID, _ editor: GraphEditor) {
    guard let values = editor.floats(id) else { return nil }
    self.init(shape: editor[id].shape, values: values)
  }

  /// One number.
  init(scalar: Float) { self.init(shape: [], values: [scalar]) }

  private init(shape: Shape, values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// Whether no element is infinite or not a number.
  var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// One number for each element along the last dimension, which has `count`; `nil` if it varies along
  /// others.
  func channels(_ count: Int) -> [Float]? {
    if values.count == 1 { return [Float](repeating: values[0], count: count) }
    return values.count == count && shape.dimensions.last == count ? values : nil
  }

  /// A function of each element.
  func map(_ function: (Float) -> Float) -> BroadcastConstant {
    BroadcastConstant(shape: shape, values: values.map(function))
  }

  /// A function of the elements of both; `nil` if the result has more elements than either.
  func combined(
    with other: BroadcastConstant, _ function: (Float, Float) -> Float
  ) -> BroadcastConstant? {
    guard let result = shape.broadcast(with: other.shape),
      result.elementCount == max(values.count, other.values.count)
    else { return nil }
    // The larger one has all elements; the smaller one's are found by their place in it.
    let (places, otherPlaces) = (shape.places(in: result), other.shape.places(in: result))
    return BroadcastConstant(
      shape: result,
      values: zip(places, otherPlaces).map { function(values[$0], other.values[$1]) })
  }
}

extension Shape {
  /// For each element of `result`, the element of this shape that is repeated there.
  func places(in result: Shape) -> [Int] {
    var places = [0]
    var strides = [Int](repeating: 0, count: result.rank)
    var stride = 1
    for axis in dimensions.indices.reversed() {
      if self[axis] > 1 { strides[axis + result.rank - rank] = stride }
      stride *= self[axis]
    }
    for axis in result.dimensions.indices {
      places = places.flatMap { base in (0..<result[axis]).map { base + $0 * strides[axis] } }
    }
    return places
  }
}

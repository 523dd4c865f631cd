// SPDX-License-Identifier: Apache-2.0

/// Where results first differ, and what stands around that place.
public struct Divergence: Sendable, Encodable {
  /// Position of the operator in the model file.
  public var sourceOperator: Int
  /// Its name, as the blob keeps it.
  public var name: String
  /// The row of the data set.
  public var row: Int
  /// The tensor that differs, as the blob names it.
  public var tensor: String
  /// The first element that differs, counted through the tensor, last dimension fastest.
  public var element: Int
  /// The element with which the following lists begin.
  public var firstShown: Int
  /// What should stand there.
  public var expected: [Double]
  /// What stands there.
  public var actual: [Double]

  enum CodingKeys: String, CodingKey {
    case sourceOperator = "operator"
    case name, row, tensor, element, expected, actual
    case firstShown = "first_shown"
  }

  /// Elements shown on either side of the one that differs.
  private static let context = 3

  /// Describes the first difference of two lists of values of a tensor; `nil` if there is none.
  init?(
    sourceOperator: Int, name: String, row: Int, tensor: String, expected: [Double],
    actual: [Double]
  ) {
    guard expected.count == actual.count,
      let element = expected.indices.first(where: { expected[$0] != actual[$0] })
    else { return nil }
    let range = max(0, element - Self.context)..<min(expected.count, element + Self.context + 1)
    self.sourceOperator = sourceOperator
    self.name = name
    self.row = row
    self.tensor = tensor
    self.element = element
    firstShown = range.lowerBound
    self.expected = Array(expected[range])
    self.actual = Array(actual[range])
  }
}

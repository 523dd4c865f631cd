// SPDX-License-Identifier: Apache-2.0

/// What weights or statistics of a layer cannot be rounded.
enum WeightRoundingError: Error, Equatable, CustomStringConvertible {
  /// An array has not the size that rows and columns ask for.
  case wrongCount(thing: String, count: Int, expected: Int)
  /// A value is NaN or infinite.
  case notFinite(thing: String, index: Int)

  /// The error in one sentence, with its remedy.
  var description: String {
    switch self {
    case .wrongCount(let thing, let count, let expected):
      "\(thing) has \(count) values, not \(expected). Pass as many as the layer has"
    case .notFinite(let thing, let index):
      "\(thing) is NaN or infinite at position \(index). Train or export the model again"
    }
  }

  /// Refuses arrays of another size or with values that are not finite.
  static func check(_ values: [Float], count: Int, thing: String) throws(WeightRoundingError) {
    guard values.count == count else {
      throw .wrongCount(thing: thing, count: values.count, expected: count)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(thing: thing, index: index)
    }
  }
}

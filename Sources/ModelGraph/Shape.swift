// SPDX-License-Identifier: Apache-2.0

/// The dimensions of a tensor, outermost first (images: batch, height, width, channels).
///
/// Every dimension of a verified graph is at least 1; a scalar has rank 0.
public struct Shape: Hashable, Sendable, Codable, CustomStringConvertible, ExpressibleByArrayLiteral
{
  /// The dimensions, outermost first.
  public var dimensions: [Int]

  /// Makes a shape from its dimensions.
  public init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// Makes a shape from its dimensions.
  public init(arrayLiteral elements: Int...) { dimensions = elements }

  /// Number of dimensions.
  public var rank: Int { dimensions.count }

  /// Product of the dimensions; 1 for a scalar. Verified shapes do not overflow.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// Product of the dimensions, or `nil` if a dimension is not positive or the product exceeds `limit`.
  public func elementCount(atMost limit: Int) -> Int? {
    var product = 1
    for dimension in dimensions {
      guard dimension > 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow, next <= limit else { return nil }
      product = next
    }
    return product
  }

  /// One dimension.
  public subscript(index: Int) -> Int { dimensions[index] }

  /// `1x49x10x1`; `scalar` for rank 0.
  public var description: String {
    dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "x")
  }
}

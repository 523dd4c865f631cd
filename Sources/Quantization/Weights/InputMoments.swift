// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// First and second moments of what the rows of a layer's weights are multiplied with.
///
/// They can be taken of the quantized network's activations x alone, or of those together with the
/// float network's y, so that rounding makes good for what the layers before did wrong.
struct InputMoments: Sendable {
  /// How many inputs a row of weights has.
  let columns: Int
  /// How many vectors were added.
  private(set) var count = 0
  /// Whether every vector came with its float twin.
  private(set) var isPaired = true
  private var sum: [Float]
  private var referenceSum: [Float]
  /// Sum of x xᵀ; only the upper triangle.
  private var products: [Float]
  /// Sum of y xᵀ; empty until the first pair comes.
  private var crossProducts: [Float] = []

  /// Starts with nothing.
  init(columns: Int) {
    self.columns = columns
    sum = [Float](repeating: 0, count: columns)
    referenceSum = sum
    products = [Float](repeating: 0, count: columns * columns)
  }

  /// Adds vectors.
  ///
  /// - Parameters:
  ///   - vectors: count * columns values of the quantized network, vector by vector.
  ///   - reference: As many of the float network, in the same order.
  mutating func add(_ vectors: [Float], reference: [Float]? = nil) {
    let added = columns == 0 ? 0 : vectors.count / columns
    guard added > 0 else { return }
    count += added
    Self.addColumnSums(of: vectors, count: added, to: &sum)
    let packed = PackedMatrix(vectors, stride: columns, inner: added, columns: columns)
    add(packed, vectors, to: &products, upperTriangle: true)
    guard let reference, reference.count == vectors.count, isPaired else {
      isPaired = false
      return
    }
    if crossProducts.isEmpty { crossProducts = [Float](repeating: 0, count: products.count) }
    Self.addColumnSums(of: reference, count: added, to: &referenceSum)
    add(packed, reference, to: &crossProducts)
  }

  private func add(
    _ packed: borrowing PackedMatrix, _ left: [Float], to sums: inout [Float],
    upperTriangle: Bool = false
  ) {
    sums.withUnsafeMutableBufferPointer { sums in
      guard let target = sums.baseAddress else { return }
      packed.multiply(
        left, row: 1, step: columns, rows: columns, target, resultRow: columns, accumulates: true,
        upperTriangle: upperTriangle)
    }
  }

  /// Adds what another thread has gathered.
  mutating func add(_ other: InputMoments) {
    guard other.count > 0 else { return }
    if count == 0 {
      self = other
      return
    }
    count += other.count
    isPaired = isPaired && other.isPaired
    Self.add(other.sum, to: &sum)
    Self.add(other.referenceSum, to: &referenceSum)
    Self.add(other.products, to: &products)
    if isPaired { Self.add(other.crossProducts, to: &crossProducts) }
  }

  /// The mean input of the quantized network.
  var mean: [Float] { sum.map { $0 / Float(max(count, 1)) } }

  /// The mean input of the float network; the quantized one's without pairs.
  var referenceMean: [Float] {
    isPaired ? referenceSum.map { $0 / Float(max(count, 1)) } : mean
  }

  /// The covariance of the inputs: what rounding errors cost when the bias takes up the mean error.
  var covariance: Hessian {
    var values = centered(products, mean, mean)
    for row in 0..<columns {
      values[row * columns + row] = max(values[row * columns + row], 0)
      for column in row + 1..<max(columns, row + 1) {
        values[column * columns + row] = values[row * columns + column]
      }
    }
    return Hessian(columns: columns, finite: values)
  }

  /// The covariance of float (rows) and quantized (columns) inputs; `nil` without pairs.
  var crossCovariance: [Float]? {
    isPaired && count > 0 ? centered(crossProducts, referenceMean, mean) : nil
  }

  private func centered(_ products: [Float], _ left: [Float], _ right: [Float]) -> [Float] {
    var values = products
    let share = 1 / Float(max(count, 1))
    for row in 0..<columns {
      for column in 0..<columns {
        let place = row * columns + column
        values[place] = values[place] * share - left[row] * right[column]
      }
    }
    return values
  }

  private static func addColumnSums(of vectors: [Float], count: Int, to sums: inout [Float]) {
    let columns = sums.count
    vectors.withUnsafeBufferPointer { vectors in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let source = vectors.baseAddress, let target = sums.baseAddress else { return }
        for row in 0..<count {
          MatrixProduct.kernels.add_multiple(1, source + row * columns, target, columns)
        }
      }
    }
  }

  private static func add(_ values: [Float], to sums: inout [Float]) {
    for index in sums.indices { sums[index] += values[index] }
  }
}

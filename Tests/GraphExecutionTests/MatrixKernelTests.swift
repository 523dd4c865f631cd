// SPDX-License-Identifier: Apache-2.0
import CMatrixKernels
import Testing

/// The functions of every instruction set that this processor has, against sums in double precision.
@Suite struct MatrixKernelTests {
  nonisolated(unsafe) private static let sets = (0..<shunt_matrix_kernels_count()).compactMap {
    shunt_matrix_kernels_at($0)?.pointee
  }

  private struct Numbers: Sequence, IteratorProtocol {
    var state: UInt64

    mutating func next() -> Float? {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 33) % 2001 - 1000) / 500
    }
  }

  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    Array(Numbers(state: seed).prefix(count))
  }

  /// Shapes [rows, columns, inner], each with and without a transposed left factor.
  private static let shapes = [
    [1, 1, 1], [1, 17, 3], [2, 16, 5], [5, 15, 31], [6, 32, 9], [7, 33, 27], [8, 48, 16],
    [13, 10, 144], [25, 64, 64], [31, 5, 200],
  ]

  @Test(arguments: shapes, [false, true])
  func productsAgreeWithSums(shape: [Int], transposed: Bool) {
    let (rows, columns, inner) = (shape[0], shape[1], shape[2])
    let a = Self.numbers(rows * inner, seed: 1)
    let b = Self.numbers(columns * inner, seed: 2)
    let bias = Self.numbers(columns, seed: 3)
    var results: [String: [Float]] = [:]
    for set in Self.sets {
      var packed = [Float](
        repeating: .nan, count: shunt_matrix_packed_count(inner, columns))
      set.pack(b, inner, true, inner, columns, 1, &packed)
      // One more column than there is: it must stay.
      var c = [Float](repeating: 77, count: rows * (columns + 1))
      a.withUnsafeBufferPointer { a in
        packed.withUnsafeBufferPointer { packed in
          bias.withUnsafeBufferPointer { bias in
            c.withUnsafeMutableBufferPointer { c in
              var product = shunt_matrix_product_t()
              product.a = a.baseAddress
              product.packed_b = packed.baseAddress
              product.c = c.baseAddress
              product.bias = bias.baseAddress
              (product.rows, product.columns, product.inner) = (rows, columns, inner)
              (product.a_row, product.a_step) = transposed ? (1, rows) : (inner, 1)
              product.segment = inner
              product.c_row = columns + 1
              (product.lower, product.upper) = (-3, 5)
              set.multiply(&product)
            }
          }
        }
      }
      for row in 0..<rows {
        #expect(c[row * (columns + 1) + columns] == 77)
        for column in 0..<columns {
          var sum = Double(bias[column])
          for k in 0..<inner {
            sum +=
              Double(a[transposed ? k * rows + row : row * inner + k])
              * Double(b[column * inner + k])
          }
          let found = Double(c[row * (columns + 1) + column])
          #expect(abs(found - min(max(sum, -3), 5)) < 1e-3)
        }
      }
      results[String(cString: set.name)] = c
    }
    if let narrow = results["avx2"], let wide = results["avx512"] { #expect(narrow == wide) }
  }

  @Test func upperTriangleIsAddedTo() {
    let (order, count) = (37, 11)
    let x = Self.numbers(order * count, seed: 4)
    for set in Self.sets {
      var packed = [Float](repeating: 0, count: shunt_matrix_packed_count(count, order))
      set.pack(x, order, false, count, order, -1, &packed)
      var c = [Float](repeating: 1, count: order * order)
      x.withUnsafeBufferPointer { x in
        packed.withUnsafeBufferPointer { packed in
          c.withUnsafeMutableBufferPointer { c in
            var product = shunt_matrix_product_t()
            product.a = x.baseAddress
            product.packed_b = packed.baseAddress
            product.c = c.baseAddress
            (product.rows, product.columns, product.inner) = (order, order, count)
            (product.a_row, product.a_step) = (1, order)
            product.segment = count
            product.c_row = order
            (product.lower, product.upper) = (-.infinity, .infinity)
            (product.accumulates, product.upper_triangle) = (true, true)
            set.multiply(&product)
          }
        }
      }
      for row in 0..<order {
        for column in row..<order {
          let sum = (0..<count).reduce(0.0) {
            $0 + Double(x[$1 * order + row]) * Double(x[$1 * order + column])
          }
          #expect(abs(Double(c[row * order + column]) - (1 - sum)) < 1e-4)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 7, 16, 45, 160])
  func loopsAgreeWithEachOther(count: Int) {
    let x = Self.numbers(count, seed: 5)
    let y = Self.numbers(count, seed: 6)
    let exact = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    var quantized: Set<[Float]> = []
    for set in Self.sets {
      #expect(abs(Double(set.dot(x, y, count)) - exact) < 1e-4)
      var values = x
      set.quantize(&values, count, 0.25, 4, -5, 6)
      for (value, real) in zip(values, x) {
        let steps = min(max(real * 4, -5), 6).rounded(.toNearestOrEven)
        #expect(value == steps * 0.25)
      }
      quantized.insert(values)
      let found = set.extremes(x, count)
      #expect(found.lower == x.min() ?? 0)
      #expect(found.upper == x.max() ?? 0)
      #expect(found.is_finite)
      var (signal, noise) = (0.0, 0.0)
      set.add_energies(x, y, count, &signal, &noise)
      #expect(abs(signal - x.reduce(0) { $0 + Double($1) * Double($1) }) < 1e-6)
      let difference = zip(x, y).reduce(0.0) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      }
      #expect(abs(noise - difference) < 1e-6)
    }
    #expect(quantized.count == 1)
  }

  @Test(arguments: [0, 3, 17, 40], [Float.nan, .infinity])
  func specialValuesAreSeen(place: Int, value: Float) {
    var x = Self.numbers(41, seed: 7)
    x[place] = value
    for set in Self.sets { #expect(!set.extremes(x, x.count).is_finite) }
  }
}

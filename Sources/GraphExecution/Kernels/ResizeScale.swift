// SPDX-License-Identifier: Apache-2.0

/// What one element of a resized dimension is in the original's elements, in the float arithmetic of the
/// TFLite reference.
struct ResizeScale {
  let factor: Float

  init(input: Int, output: Int, alignsCorners: Bool) {
    factor =
      alignsCorners && output > 1
      ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The results of a function of one byte: the table of the kernel `lookup_s8`.
struct LookupTable {
  /// By the input's byte, unsigned.
  let bytes: [UInt8]

  /// - Parameters:
  ///   - input: An 8-bit type, or bool.
  ///   - output: An 8-bit type or bool, to whose range results are limited.
  ///   - function: The result for a value of the input type.
  init(from input: ElementType, to output: ElementType, _ function: (Int32) -> Int32) {
    let limits = output.quantizedRange ?? 0...1
    // Truth values are one byte, too, of which every value but 0 holds.
    let values = input.quantizedRange ?? 0...255
    var bytes = [UInt8](repeating: 0, count: 256)
    for value in values {
      let result = Int(function(Int32(value)))
      bytes[Int(UInt8(truncatingIfNeeded: value))] = UInt8(
        truncatingIfNeeded: max(limits.lowerBound, min(limits.upperBound, result)))
    }
    self.bytes = bytes
  }
}

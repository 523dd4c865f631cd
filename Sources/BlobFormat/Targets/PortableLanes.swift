// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// The weights of fully_connected_lanes_s8: rows by eights, whose columns go in stretches that are as
/// long as 16 bits hold the sums of products (`shunt_layout_portable.h`).
struct PortableLanes {
  let inputs: Int
  let outputs: Int

  private static let octet = Int(SHUNT_PORTABLE_OCTET)
  private static let weightLimit = Int(SHUNT_PORTABLE_LANE_WEIGHTS)
  /// Columns that take as long as the beginning and the end of a stretch.
  private static let stretchCost = 5
  /// Layers of fewer weights are not worth another kernel in flash.
  private static let leastWeights = 1024

  /// The layout for a layer; `nil` if there is none.
  init?(_ parameters: shunt_fully_connected_params_t) {
    guard shunt_portable_lanes_has(parameters.inputs, parameters.outputs) else { return nil }
    inputs = Int(parameters.inputs)
    outputs = Int(parameters.outputs)
  }

  /// The weights in stored form; `nil` if two of -128 meet, or if rows one by one are faster or take less
  /// flash.
  func packed(_ weights: [Int8]) -> [UInt8]? {
    guard weights.count >= Self.leastWeights else { return nil }
    var bytes: [UInt8] = []
    var stretchCount = 0
    for row in stride(from: 0, to: outputs, by: Self.octet) {
      guard let stretches = stretches(of: weights, octet: row) else { return nil }
      stretchCount += stretches.count
      for stretch in stretches {
        bytes += withUnsafeBytes(of: UInt32(stretch.count).littleEndian, Array.init)
        for column in stretch {
          for row in row..<row + Self.octet {
            let weight = row < outputs ? weights[row * inputs + column] : 0
            bytes.append(UInt8(bitPattern: weight) ^ 0x80)
          }
        }
      }
    }
    let octets = (outputs + Self.octet - 1) / Self.octet
    // A column of an octet takes 11 instructions (Cortex-M3), a column of four rows 9.
    let cost = 11 * (octets * inputs + stretchCount * Self.stretchCost)
    let plainCost = 9 * ((outputs + 3) / 4) * inputs
    guard cost < plainCost, bytes.count * 8 <= weights.count * 9 else { return nil }
    return bytes
  }

  /// The weights that ``packed(_:)`` has stored; `nil` if these are none.
  func unpacked(_ bytes: [UInt8]) -> [Int8]? {
    var weights = [Int8](repeating: 0, count: inputs * outputs)
    var position = 0
    for row in stride(from: 0, to: outputs, by: Self.octet) {
      var column = 0
      while column < inputs {
        guard position + 4 <= bytes.count else { return nil }
        let count = bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        position += 4
        guard count > 0, column + count <= inputs, position + count * Self.octet <= bytes.count
        else { return nil }
        for column in column..<column + count {
          for row in row..<min(row + Self.octet, outputs) {
            let byte = bytes[position + row % Self.octet]
            weights[row * inputs + column] = Int8(bitPattern: byte ^ 0x80)
          }
          position += Self.octet
        }
        column += count
      }
    }
    return weights
  }

  /// The stretches of the octet that begins with a row, as long as they may be; `nil` if two columns
  /// exceed the limit.
  private func stretches(of weights: [Int8], octet row: Int) -> [Range<Int>]? {
    let rows = row..<min(row + Self.octet, outputs)
    var stretches: [Range<Int>] = []
    var start = 0
    while start < inputs {
      var end = start
      var sums = [Int](repeating: 0, count: rows.count)
      while end < inputs {
        for (index, row) in rows.enumerated() {
          let place = row * inputs + end
          sums[index] += abs(Int(weights[place])) + abs(Int(weights[place + 1]))
        }
        guard sums.allSatisfy({ $0 <= Self.weightLimit }) else { break }
        end += 2
      }
      guard end > start else { return nil }
      stretches.append(start..<end)
      start = end
    }
    return stretches
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Stack of functions that came as machine code, from the disassembly of the linked program: what
/// each pushes or subtracts anywhere, which is at least what it ever takes.
struct LibraryCode: Equatable {
  /// Frames in bytes, by the function's address.
  private(set) var frames: [UInt64: Int] = [:]
  /// Addresses of callees, by the function's address.
  private(set) var calls: [UInt64: Set<UInt64>] = [:]

  /// Reads `objdump -d --no-show-raw-insn`.
  init(disassembly: String) {
    var function: UInt64 = 0
    for line in disassembly.split(separator: "\n") {
      if line.hasSuffix(">:"), let address = line.split(separator: " ").first {
        function = UInt64(address, radix: 16) ?? 0
        frames[function] = 0
        continue
      }
      let fields = line.split(separator: "\t")
      guard fields.count >= 2 else { continue }
      let operation = fields[1].trimmingSpaces
      let operands = fields.count > 2 ? String(fields[2]) : ""
      frames[function, default: 0] += Self.bytesTaken(by: operation, operands)
      if let target = Self.callee(of: operation, operands), target != function {
        calls[function, default: []].insert(target)
      }
    }
  }

  /// Bytes by which an instruction moves the stack pointer down.
  static func bytesTaken(by operation: String, _ operands: String) -> Int {
    let registers = operands.split(separator: ",").count
    let name = operation.split(separator: ".").first ?? ""
    switch name {
    case "push": return 4 * registers
    case "vpush": return 8 * registers
    case "stmdb", "stmfd":
      return operands.hasPrefix("sp!") ? 4 * (registers - 1) : 0
    case "sub", "subw":
      guard operands.hasPrefix("sp,") else { return 0 }
      return operands.split(separator: "#").dropFirst().first.flatMap { Self.number($0) } ?? 0
    case "str", "strd":
      guard let range = operands.range(of: "[sp, #-"), operands.contains("]!") else { return 0 }
      return Self.number(operands[range.upperBound...]) ?? 0
    default: return 0
    }
  }

  /// The address behind a call, or behind a jump to the start of another function.
  private static func callee(of operation: String, _ operands: String) -> UInt64? {
    let name = operation.split(separator: ".").first ?? ""
    guard name == "bl" || name == "b", operands.hasSuffix(">"), !operands.contains("+0x") else {
      return nil
    }
    return operands.split(separator: " ").first.flatMap { UInt64($0, radix: 16) }
  }

  private static func number(_ text: Substring) -> Int? { Int(text.prefix { $0.isNumber }) }
}

extension Substring {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.prefix { $0 != " " }) }
}

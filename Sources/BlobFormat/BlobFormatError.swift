// SPDX-License-Identifier: Apache-2.0

/// Why a graph could not be packed, or a blob not be read.
public enum BlobFormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A request to the planner that makes no sense.
  case illegalPlanRequest(String)
  /// The graph as a whole cannot be packed. The remedy is empty where the reason has it already.
  case illegalGraph(reason: String, remedy: String)
  /// An operator that no kernel runs as it stands. `position` is its place in the model file.
  case unsupportedOperator(
    kind: String, name: String, position: Int?, reason: String, remedy: String)
  /// A number that the format has no room for.
  case limitExceeded(what: String, value: Int, limit: Int, remedy: String)
  /// No plan was found whose arena keeps to the limit. The reason names what stands in the way.
  case arenaLimitExceeded(limit: Int, found: Int, reason: String)
  /// The file ends before the blob does.
  case truncated(needed: Int, available: Int)
  /// The file is not a blob at all.
  case notABlob
  /// A blob of another major version, or with a section that must be understood and is not.
  case unsupportedVersion(String)
  /// The bytes are damaged.
  case damaged(storedCRC: UInt32, computedCRC: UInt32)
  /// A field that breaks a rule of the format; `place` says where.
  case malformed(place: String, reason: String)

  /// The thing, the limit and the remedy, in a sentence or two.
  public var description: String {
    switch self {
    case .illegalPlanRequest(let reason):
      "The memory plan's request is not legal: \(reason)."
    case .illegalGraph(let reason, let remedy):
      "The model cannot be packed: \(reason)." + (remedy.isEmpty ? "" : " \(remedy)")
    case .unsupportedOperator(let kind, let name, let position, let reason, let remedy):
      "Operator \(position.map { "\($0) " } ?? "")\(kind) '\(name)': \(reason). \(remedy)"
    case .limitExceeded(let what, let value, let limit, let remedy):
      "\(what) is \(value); the blob format's limit is \(limit). \(remedy)"
    case .arenaLimitExceeded(let limit, let found, let reason):
      "The smallest arena found has \(found) bytes, \(found - limit) more than the limit of \(limit): "
        + "\(reason)."
    case .truncated(let needed, let available):
      "The blob is cut short: it needs \(needed) bytes and there are \(available). Copy it again."
    case .notABlob:
      "This is not a Shunt blob (it does not begin with SHUNTBLB). Make one with `shunt compile`."
    case .unsupportedVersion(let reason):
      "The blob is of a version that this shunt cannot read: \(reason). Update shunt, or compile again."
    case .damaged(let stored, let computed):
      "The blob is damaged: its CRC-32 is 0x\(hex(computed)), its header says 0x\(hex(stored)). "
        + "Copy or compile it again."
    case .malformed(let place, let reason):
      "The blob is malformed: \(place): \(reason). Compile it again."
    }
  }
}

/// Eight hexadecimal digits.
func hex(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}

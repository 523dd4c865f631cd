// SPDX-License-Identifier: Apache-2.0

/// Requests and events of the probe protocol (`Docs/spec/probe-protocol.md`).
enum ProbeCommand: UInt8 {
  case hello = 0x01
  case identify = 0x40
  case configure = 0x41
  case start = 0x42
  case stop = 0x43
  case status = 0x44
  case samples = 0x50
  case edge = 0x51

  /// The version of the protocol that this program speaks.
  static let version: UInt16 = 1

  /// Whether executing the request twice is not the same as once.
  var isOnce: Bool { self == .start || self == .stop }
}

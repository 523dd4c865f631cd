// SPDX-License-Identifier: Apache-2.0

/// The functions by which the firmware announces what it does. Raw values are the numbers of the
/// plugin's `mark` arguments.
public enum TriggerMark: Int, CaseIterable, Sendable, Codable {
  /// Outside any window.
  case idle
  /// Inference begins.
  case inference
  /// Between two inferences of a window.
  case between
  /// Awake and doing nothing: the power that `net` subtracts.
  case baseline
  /// A step of an inference begins.
  case step

  /// The function's symbol in the firmware: the plugin needs its address.
  public var symbol: String {
    switch self {
    case .idle: "shunt_trigger_idle"
    case .inference: "shunt_trigger_inference"
    case .between: "shunt_trigger_between"
    case .baseline: "shunt_trigger_baseline"
    case .step: "shunt_trigger_step"
    }
  }

  /// The plugin's argument that makes it record this mark: `mark1=0x1c4`.
  public func pluginArgument(address: UInt64) -> String {
    "mark\(rawValue)=0x\(String(address, radix: 16))"
  }
}

// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A family of kernels, written for one kind of core.
public enum KernelSet: String, Sendable, Codable, CaseIterable {
  /// Plain C11; runs everywhere and is the meaning of every operator.
  case portable
  /// Armv7E-M and Armv8-M with the DSP extension.
  case dsp
  /// Armv8.1-M with Helium.
  case mve
  /// Armv8-A with Advanced SIMD.
  case neon

  /// The number that stands for it in a blob.
  public var code: Int {
    switch self {
    case .portable: Int(SHUNT_SET_PORTABLE.rawValue)
    case .dsp: Int(SHUNT_SET_DSP.rawValue)
    case .mve: Int(SHUNT_SET_MVE.rawValue)
    case .neon: Int(SHUNT_SET_NEON.rawValue)
    }
  }

  /// The set with this number; `nil` if there is none.
  public init?(code: Int) {
    guard let set = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = set
  }
}

// SPDX-License-Identifier: Apache-2.0

/// How a region of flash is divided into model slots: two halves, and an erase unit for the record of
/// each (Firmware/agent/include/shunt_slots.h).
public struct ModelSlots: Sendable, Equatable {
  private static let halves = 2
  private let halfBytes: Int

  /// The slots of a region.
  ///
  /// - Parameters:
  ///   - regionBytes: Size of the region.
  ///   - eraseBytes: Size of the smallest part that can be erased.
  public init(regionBytes: Int, eraseBytes: Int) {
    halfBytes = max(0, (regionBytes / eraseBytes - Self.halves) / Self.halves * eraseBytes)
  }

  /// Largest blob that replaces another so that a power cut at any instant leaves one of the two.
  public var twoSlotLimitBytes: Int { halfBytes }

  /// Largest blob of all; a power cut while it is written leaves no model.
  public var singleSlotLimitBytes: Int { Self.halves * halfBytes }
}

// SPDX-License-Identifier: Apache-2.0

/// The raw samples of a run: what the meter said, and when the board announced which phase.
public struct RawSeries: Equatable, Sendable {
  /// What the board announced on its trigger pins (`shunt_mark`).
  public enum Phase: UInt8, Codable, Sendable, CaseIterable {
    /// Outside any window.
    case idle = 0
    /// Inside an inference.
    case inference = 1
    /// Inside a window, between two inferences.
    case between = 2
    /// Awake and doing nothing: what net energy subtracts.
    case baseline = 3
  }

  /// The beginning of a phase.
  public struct Edge: Equatable, Sendable {
    /// Seconds since the first sample, on the meter's clock.
    public let timeS: Double
    /// The phase that begins here.
    public let phase: Phase

    /// Makes an edge.
    public init(timeS: Double, phase: Phase) {
      self.timeS = timeS
      self.phase = phase
    }
  }

  /// Samples per second; sample k was taken at k / timeBaseHz seconds.
  public let timeBaseHz: Double
  /// Currents, in A; empty if the meter delivers power only.
  public let currentA: [Float]
  /// Powers, in W; empty if they follow from current and voltage.
  public let powerW: [Float]
  /// Voltages, in V: one per sample, or a single one for all, or none if unknown.
  public let voltageV: [Float]
  /// The phases' beginnings, in order of time.
  public let edges: [Edge]

  /// Keeps samples.
  ///
  /// - Throws: ``BenchmarkingError/badSeries(detail:)`` if the arrays' lengths disagree or the
  ///   rate is not a positive number.
  public init(
    timeBaseHz: Double, currentA: [Float], powerW: [Float] = [], voltageV: [Float] = [],
    edges: [Edge] = []
  ) throws(BenchmarkingError) {
    guard timeBaseHz > 0, timeBaseHz.isFinite else {
      throw .badSeries(detail: "its time base is \(timeBaseHz) Hz, not a positive number")
    }
    let count = max(currentA.count, powerW.count)
    guard [0, count].contains(currentA.count), [0, count].contains(powerW.count) else {
      throw .badSeries(detail: "\(currentA.count) currents, but \(powerW.count) powers")
    }
    guard [0, 1, count].contains(voltageV.count) else {
      throw .badSeries(detail: "\(voltageV.count) voltages for \(count) samples")
    }
    self.timeBaseHz = timeBaseHz
    self.currentA = currentA
    self.powerW = powerW
    self.voltageV = voltageV
    self.edges = edges
  }

  /// Samples in the series.
  public var count: Int { max(currentA.count, powerW.count) }
  /// Its length, in s.
  public var durationS: Double { Double(count) / timeBaseHz }
}

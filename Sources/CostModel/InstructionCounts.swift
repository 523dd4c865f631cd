// SPDX-License-Identifier: Apache-2.0

/// How many instructions of each class were executed, and which events they met.
public struct InstructionCounts: Sendable, Equatable {
  /// Counters in a record of `Tools/qemu-plugin`: those of the classes, then those of the events.
  public static let counterCount = InstructionClass.allCases.count + InstructionEvent.allCases.count

  private var counters: [UInt64]

  /// Nothing executed.
  public init() {
    counters = [UInt64](repeating: 0, count: Self.counterCount)
  }

  /// Takes the counters of a record, classes first, then events.
  ///
  /// Returns `nil` unless there are exactly ``counterCount``.
  public init?(counters: [UInt64]) {
    guard counters.count == Self.counterCount else { return nil }
    self.counters = counters
  }

  /// Executed instructions of a class.
  public subscript(_ kind: InstructionClass) -> UInt64 {
    get { counters[kind.rawValue] }
    set { counters[kind.rawValue] = newValue }
  }

  /// Occurrences of an event.
  public subscript(_ event: InstructionEvent) -> UInt64 {
    get { counters[InstructionClass.allCases.count + event.rawValue] }
    set { counters[InstructionClass.allCases.count + event.rawValue] = newValue }
  }

  /// Executed instructions of all classes: exact, whatever the decoder knows. Saturates.
  public var total: UInt64 {
    counters.prefix(InstructionClass.allCases.count).reduce(0) { sum, count in
      let (result, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : result
    }
  }

  /// What was executed from `earlier` to now, if `self` and `earlier` count from the same start.
  ///
  /// Returns `nil` if a counter ran backwards: the two are not of one recording, or swapped.
  public func since(_ earlier: InstructionCounts) -> InstructionCounts? {
    var difference = self
    for index in counters.indices {
      guard counters[index] >= earlier.counters[index] else { return nil }
      difference.counters[index] -= earlier.counters[index]
    }
    return difference
  }

  /// Adds the counts of another stretch of execution. Saturates.
  public mutating func add(_ other: InstructionCounts) {
    for index in counters.indices {
      let (sum, overflow) = counters[index].addingReportingOverflow(other.counters[index])
      counters[index] = overflow ? .max : sum
    }
  }
}

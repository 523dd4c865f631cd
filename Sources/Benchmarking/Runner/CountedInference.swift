// SPDX-License-Identifier: Apache-2.0
internal import CostModel

/// Extracts what was executed between marks from the counter's records.
enum CountedInference {
  /// Counts of each inference: from each INFERENCE mark to the next mark.
  static func inferences(in records: [CounterRecord]) -> [InstructionCounts] {
    intervals(in: records, from: .inference)
  }

  /// Counts of each profiled step: from each STEP mark to the next one.
  static func steps(in records: [CounterRecord]) -> [InstructionCounts] {
    // The last STEP mark ends the last step; what follows it is not one.
    Array(intervals(in: records, from: .step).dropLast())
  }

  private static func intervals(
    in records: [CounterRecord], from start: TriggerMark
  ) -> [InstructionCounts] {
    zip(records, records.dropFirst()).compactMap { record, next in
      record.event == .mark(start) ? next.counts.since(record.counts) : nil
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

extension CycleModel {
  /// Two instructions a cycle, in order: the counter finds the pairs, each of which saves a cycle.
  static let cortexA53 = CycleModel(
    name: "a53-pairs-1", core: "cortex-a53", relativeError: 0.40,
    source: "in-order pairs found by the counter; 64 bits a cycle from and to the level 1 cache, "
      + "loads used at once wait two cycles (measured by the ncnn project), latencies as in GCC's "
      + "description of the pipeline, a bubble behind a taken branch; no cache misses. Not compared "
      + "with silicon",
    perClass: [
      .multiplyLong: 1.5, .multiplyAccumulateLong: 1.5, .divide: 8, .floatMultiplyAccumulate: 1.5,
      .floatDivide: 14, .other: 4,
    ],
    perEvent: [.taken: 1, .loadUse: 2, .multipleWords: 1, .issuedTogether: -1])

  /// Out of order: no instruction waits for another for long, so that each costs its share of the
  /// units that can execute it.
  static let cortexA76 = CycleModel(
    name: "a76-throughput-1", core: "cortex-a76", relativeError: 0.50,
    source:
      "reciprocal throughputs of the Cortex-A76 Software Optimization Guide, four instructions "
      + "a cycle at most, a third added to arithmetic for dependences; no cache misses, no "
      + "mispredicted branches. Not compared with silicon",
    otherwise: 0.35,
    perClass: [
      .multiply: 1, .multiplyAccumulate: 1, .multiplyLong: 1, .multiplyAccumulateLong: 1,
      .divide: 8,
      .loadFirst: 0.5, .loadPaired: 0.5, .loadDouble: 0.75, .store: 0.5, .storeDouble: 0.75,
      .branch: 0.5, .float: 0.5, .floatMultiplyAccumulate: 0.5, .floatDivide: 7, .vectorLoad: 0.5,
      .vectorStore: 0.5, .vectorALU: 0.5, .vectorMultiply: 1, .other: 4,
    ],
    perEvent: [.taken: 0.25, .multipleWords: 0.25])
}

// SPDX-License-Identifier: Apache-2.0

extension CycleModel {
  /// The models of all cores, in the order of their size.
  public static let all: [CycleModel] = [
    cortexM0, cortexM0Plus, cortexM3, cortexM4, cortexM7, cortexM33, cortexM55,
    cortexA53, cortexA76,
  ]

  static let cortexM0 = CycleModel(
    name: "m0-linear-1", core: "cortex-m0", relativeError: 0.25,
    source:
      "Cortex-M0 TRM (DDI 0432), instruction timing, no wait states; not compared with silicon",
    perClass: armv6m, perEvent: [.taken: 2, .multipleWords: 1])

  static let cortexM0Plus = CycleModel(
    name: "m0plus-linear-1", core: "cortex-m0plus", relativeError: 0.25,
    source:
      "Cortex-M0+ TRM (DDI 0484), instruction timing, no wait states; not compared with silicon",
    perClass: armv6m, perEvent: [.taken: 1, .multipleWords: 1])

  static let cortexM3 = CycleModel(
    name: "m3-linear-1", core: "cortex-m3", relativeError: 0.20,
    source:
      "Cortex-M3 TRM (DDI 0337), instruction timing, no wait states, middle of stated ranges; "
      + "error as of the Cortex-M4 model, widened: not compared with silicon",
    perClass: armv7m.merging(
      [.multiplyAccumulate: 2, .multiplyLong: 4, .multiplyAccumulateLong: 5.5],
      uniquingKeysWith: { _, new in new }),
    perEvent: [.taken: 2, .multipleWords: 1])

  static let cortexM4 = CycleModel(
    name: "m4-linear-1", core: "cortex-m4", relativeError: 0.16,
    source: "Cortex-M4 TRM (100166), instruction timing, no wait states; error: largest of four "
      + "deviations (-14, -3, +4, -16 %) from the MLPerf Tiny v1.0 latencies of the OctoML code on "
      + "NUCLEO-L4R5ZI",
    perClass: armv7m, perEvent: [.taken: 2, .multipleWords: 1])

  static let cortexM7 = CycleModel(
    name: "m7-linear-1", core: "cortex-m7", relativeError: 0.20,
    source: "0.59 of the Cortex-M4 model: MLPerf Tiny pairs of the same stack on both cores lie "
      + "between 0.54 and 0.63, caches on; error combines that spread with the Cortex-M4 model's",
    perClass: armv7m, perEvent: [.taken: 2, .multipleWords: 1], scale: 0.59)

  static let cortexM33 = CycleModel(
    name: "m33-linear-1", core: "cortex-m33", relativeError: 0.20,
    source: "one cycle an instruction, one more where a load is used at once, two more for a jump: "
      + "no public timing table; two MLPerf Tiny points (-5, -1 %) with another library version",
    perClass: [
      .divide: 6.5, .loadDouble: 2, .loadMultiple: 0, .storeDouble: 2, .storeMultiple: 0,
      .floatMultiplyAccumulate: 3, .floatDivide: 14, .other: 2,
    ],
    perEvent: [.taken: 2, .loadUse: 1, .multipleWords: 1])

  static let cortexM55 = CycleModel(
    name: "m55-linear-1", core: "cortex-m55", relativeError: 0.35,
    source: "scalar as Cortex-M33; two beats of a vector instruction a cycle, half of them "
      + "overlapping the neighbour's; loop ends free. Not compared with silicon: nothing is published",
    perClass: [
      .divide: 6.5, .loadDouble: 2, .loadMultiple: 0, .storeDouble: 2, .storeMultiple: 0,
      .loopEnd: 0, .floatMultiplyAccumulate: 2, .floatDivide: 14, .vectorLoad: 1.5,
      .vectorStore: 1.5, .vectorALU: 1.5, .vectorMultiply: 1.5, .other: 2,
    ],
    perEvent: [.taken: 2, .loadUse: 1, .multipleWords: 1])

  /// Cycles on Cortex-M0 and -M0+, without events. Their multiplier is the fast one (1 cycle).
  private static let armv6m: [InstructionClass: Double] = [
    .loadFirst: 2, .loadPaired: 2, .store: 2, .loadMultiple: 1, .storeMultiple: 1, .other: 3,
  ]

  /// Cycles on Cortex-M3 and -M4, without events. Divisions take 2 to 12.
  private static let armv7m: [InstructionClass: Double] = [
    .divide: 7, .loadFirst: 2, .loadPaired: 1, .loadDouble: 3, .loadMultiple: 1, .storeDouble: 3,
    .storeMultiple: 1, .floatMultiplyAccumulate: 3, .floatDivide: 14, .other: 2,
  ]
}

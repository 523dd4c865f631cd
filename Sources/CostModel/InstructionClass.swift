// SPDX-License-Identifier: Apache-2.0

/// What an executed instruction is, as far as its cost is concerned.
///
/// Every instruction belongs to exactly one class. Raw values are positions in the records of the
/// counter in `Tools/qemu-plugin` (its `decode.h` has the same list).
public enum InstructionClass: Int, CaseIterable, Sendable, Codable {
  /// Moves, arithmetic, logic, shifts, bit fields, IT, NOP.
  case alu
  /// 32 x 32 -> 32 bits.
  case multiply
  /// MLA, MLS.
  case multiplyAccumulate
  /// 32 x 32 -> 64 bits.
  case multiplyLong
  /// SMLAL, UMLAL, UMAAL.
  case multiplyAccumulateLong
  /// Multiplies of the DSP extension, such as SMLAD.
  case dspMultiply
  /// Its other instructions, such as SXTB16, and SSAT, USAT.
  case dsp
  /// SDIV, UDIV.
  case divide
  /// A load of one register that cannot overlap the instruction before it.
  case loadFirst
  /// A load right after a load whose result is not part of its address.
  case loadPaired
  /// LDRD.
  case loadDouble
  /// LDM, POP, VLDM; ``InstructionEvent/multipleWords`` counts what they move.
  case loadMultiple
  /// A store of one register.
  case store
  /// STRD.
  case storeDouble
  /// STM, PUSH, VSTM.
  case storeMultiple
  /// Branches, taken or not.
  case branch
  /// LE, LETP.
  case loopEnd
  /// Scalar floating point, moves and conversions included.
  case float
  /// VMLA, VFMA and their kin.
  case floatMultiplyAccumulate
  /// VDIV, VSQRT.
  case floatDivide
  /// Vector loads.
  case vectorLoad
  /// Vector stores.
  case vectorStore
  /// Vector arithmetic, moves, predicates.
  case vectorALU
  /// Vector multiplies, with or without accumulation.
  case vectorMultiply
  /// System instructions: barriers, MSR, MRS, CPS, SVC, hints other than NOP.
  case other
  /// What the counter could not decode.
  case unknown
}

// SPDX-License-Identifier: MIT
//
// What one instruction is, as far as its cost is concerned. The decoders know nothing of QEMU.
#ifndef SHUNT_COUNT_DECODE_H
#define SHUNT_COUNT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Counters, in the order in which a record holds them (shunt-count.c).
///
/// Every executed instruction adds one to exactly one of the classes before SHUNT_CLASS_COUNT, so
/// their sum is the number of executed instructions. The events behind them come on top.
typedef enum shunt_counter {
    SHUNT_ALU,         ///< Moves, arithmetic, logic, shifts, bit fields, IT, NOP.
    SHUNT_MUL,         ///< 32 x 32 -> 32 bits.
    SHUNT_MAC,         ///< MLA, MLS.
    SHUNT_MUL_LONG,    ///< 32 x 32 -> 64 bits.
    SHUNT_MAC_LONG,    ///< SMLAL, UMLAL, UMAAL.
    SHUNT_DSP_MAC,     ///< Multiplies of the DSP extension: SMLAD, SMLABB, SMMUL, SMLALD, ...
    SHUNT_DSP,         ///< Its other instructions: SXTB16, PKHBT, QADD, SADD8, SEL, and SSAT, USAT.
    SHUNT_DIVIDE,      ///< SDIV, UDIV.
    SHUNT_LOAD_FIRST,  ///< A load of one register that cannot overlap the instruction before it.
    SHUNT_LOAD_PAIRED, ///< A load right after a load whose result is not part of its address.
    SHUNT_LOAD_DOUBLE, ///< LDRD.
    SHUNT_LOAD_MULTIPLE,  ///< LDM, POP, VLDM. SHUNT_EVENT_WORDS counts what they move.
    SHUNT_STORE,          ///< A store of one register.
    SHUNT_STORE_DOUBLE,   ///< STRD.
    SHUNT_STORE_MULTIPLE, ///< STM, PUSH, VSTM.
    SHUNT_BRANCH, ///< Taken or not; loads of PC are loads. SHUNT_EVENT_TAKEN has the jumps of both.
    SHUNT_LOOP_END,     ///< LE, LETP: jumps of low-overhead loops cost next to nothing.
    SHUNT_FP,           ///< Scalar floating point, moves and conversions included.
    SHUNT_FP_MAC,       ///< VMLA, VFMA and their kin.
    SHUNT_FP_DIVIDE,    ///< VDIV, VSQRT.
    SHUNT_VECTOR_LOAD,  ///< MVE loads (on AArch64: Advanced SIMD).
    SHUNT_VECTOR_STORE, ///< MVE stores.
    SHUNT_VECTOR_ALU,   ///< MVE arithmetic, moves, predicates.
    SHUNT_VECTOR_MAC,   ///< MVE multiplies, with or without accumulation.
    SHUNT_OTHER,        ///< System: barriers, MSR, MRS, CPS, SVC, hints other than NOP.
    SHUNT_UNKNOWN,      ///< What the decoder does not know.
    SHUNT_CLASS_COUNT,
    SHUNT_EVENT_TAKEN = SHUNT_CLASS_COUNT, ///< Jumps: taken branches and loads of PC.
    SHUNT_EVENT_LOAD_USE,   ///< Instructions that read what the one before them loaded.
    SHUNT_EVENT_WORDS,      ///< Words moved by LOAD_MULTIPLE and STORE_MULTIPLE; on AArch64, what
                            ///< loads and stores move beyond their first 8 bytes, in units of 8.
    SHUNT_EVENT_TOGETHER,   ///< AArch64: instructions that a core which issues two in order issues
                            ///< together with the one before.
    SHUNT_EVENT_FETCH_MISS, ///< Lines of flash that instructions missed in their cache.
    SHUNT_EVENT_DATA_MISS,  ///< Lines of flash that loads missed in theirs.
    SHUNT_COUNTER_COUNT
} shunt_counter_t;

/// What an AArch64 instruction occupies that there is once.
enum {
    SHUNT_UNIT_MEMORY = 1u << 0,
    SHUNT_UNIT_MULTIPLY = 1u << 1, ///< Of core registers; divisions, too.
    SHUNT_UNIT_BRANCH = 1u << 2,
    SHUNT_UNIT_VECTOR_MULTIPLY = 1u << 3,
    SHUNT_UNIT_WHOLE_VECTOR = 1u << 4 ///< 128 bits.
};

/// One decoded instruction. Register sets are bit masks: bits 0 ... 15 are r0 ... r15; on AArch64
/// bits 0 ... 30 are x0 ... x30 and bits 32 ... 63 are v0 ... v31.
typedef struct shunt_instruction {
    shunt_counter_t
        counter;      ///< Its class; loads are SHUNT_LOAD_FIRST until their neighbour is known.
    uint64_t reads;   ///< Registers read, those of the address included.
    uint64_t address; ///< Core registers that form the address of a load or store.
    uint64_t loads;   ///< Registers written from memory; on Thumb, by a load of one or two.
    uint64_t writes;  ///< AArch64: registers written.
    uint8_t units;    ///< AArch64: SHUNT_UNIT_...
    uint8_t words;    ///< What SHUNT_EVENT_WORDS counts.
    bool jumps;       ///< May continue elsewhere than behind itself.
} shunt_instruction_t;

/// Decodes a Thumb instruction of Armv6-M to Armv8.1-M, with DSP, FPv5 and MVE.
///
/// @param first   The first halfword.
/// @param second  The second halfword of a 32-bit instruction, ignored for a 16-bit one.
shunt_instruction_t shunt_decode_thumb(uint16_t first, uint16_t second);

/// Decodes an AArch64 instruction.
shunt_instruction_t shunt_decode_a64(uint32_t word);

/// Whether an AArch64 core that issues two instructions in order, such as Cortex-A53, can issue
/// `now` together with `before`: neither needs what the other does, nor a unit that there is once.
bool shunt_issues_together(const shunt_instruction_t *now, const shunt_instruction_t *before);

/// Sees a load in the light of the instruction executed before it.
///
/// @param now     The instruction.
/// @param before  The one before it in straight-line code, NULL if there is none.
/// @param[out] uses_load  Whether `now` reads a register that `before` loaded.
/// @return The class of `now`: SHUNT_LOAD_PAIRED for a load that can overlap the one before it.
shunt_counter_t shunt_pair(const shunt_instruction_t *now, const shunt_instruction_t *before,
                           bool *uses_load);

#endif

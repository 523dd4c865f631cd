// SPDX-License-Identifier: MIT
//
// AArch64, by the encoding tables of the Armv8-A architecture reference manual: classes, the
// registers that decide what can issue together, and what occupies a unit that there is once.
#include "decode.h"

static bool has(uint32_t word, uint32_t mask, uint32_t value) {
    return (word & mask) == value;
}

/// A core register as a set; 31 is the zero register or SP, which nobody waits for.
static uint64_t core(uint32_t word, unsigned low) {
    const uint32_t number = word >> low & 31u;
    return number == 31u ? 0 : UINT64_C(1) << number;
}

static uint64_t vector(uint32_t word, unsigned low) {
    return UINT64_C(1) << (32 + (word >> low & 31u));
}

static shunt_instruction_t simple(shunt_counter_t counter, uint64_t writes, uint64_t reads) {
    return (shunt_instruction_t){.counter = counter, .reads = reads, .writes = writes};
}

// MARK: memory

/// Halves the size of an access in bytes into what a 64-bit wide memory takes at once.
static uint8_t further_beats(uint32_t bytes) {
    return (uint8_t)(bytes > 8u ? bytes / 8u - 1u : 0u);
}

static shunt_instruction_t access(shunt_counter_t counter, bool loads, uint64_t values,
                                  uint64_t address, uint64_t written_back, uint32_t bytes) {
    return (shunt_instruction_t){.counter = counter,
                                 .reads = address | (loads ? 0 : values),
                                 .address = address,
                                 .loads = loads ? values : 0,
                                 .writes = written_back | (loads ? values : 0),
                                 .units = SHUNT_UNIT_MEMORY,
                                 .words = further_beats(bytes)};
}

/// LDP, STP and their kin.
static shunt_instruction_t decode_pair(uint32_t word) {
    const bool is_vector = (word & 1u << 26) != 0;
    const bool loads = (word & 1u << 22) != 0;
    const uint32_t size = word >> 30;
    const uint64_t written_back = (word & 1u << 23) != 0 ? core(word, 5) : 0;
    if (is_vector) {
        return access(loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE, loads,
                      vector(word, 0) | vector(word, 10), core(word, 5), written_back, 8u << size);
    }
    return access(loads ? SHUNT_LOAD_DOUBLE : SHUNT_STORE_DOUBLE, loads,
                  core(word, 0) | core(word, 10), core(word, 5), written_back,
                  size == 2u ? 16u : 8u);
}

/// LD1 ... ST4, of one to four registers, whole or a lane of each.
static shunt_instruction_t decode_structure(uint32_t word) {
    const bool loads = (word & 1u << 22) != 0;
    const bool is_lane = (word & 1u << 24) != 0;
    const uint32_t opcode = word >> 12 & 15u;
    uint32_t registers = opcode == 7u ? 1u : opcode >= 8u ? 2u : opcode >= 4u ? 3u : 4u;
    uint32_t bytes = registers * ((word & 1u << 30) != 0 ? 16u : 8u);
    if (is_lane) {
        registers = 1u + (word >> 21 & 1u) + 2u * (word >> 13 & 1u);
        bytes = 8u;
    }
    uint64_t values = 0;
    for (uint32_t i = 0; i < registers; i++) {
        values |= UINT64_C(1) << (32 + ((word + i) & 31u));
    }
    const uint64_t written_back = (word & 1u << 23) != 0 ? core(word, 5) : 0;
    return access(loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE, loads, values, core(word, 5),
                  written_back, bytes);
}

/// One register: literal, offset by a constant or a register, before or after.
static shunt_instruction_t decode_single(uint32_t word) {
    const bool is_vector = (word & 1u << 26) != 0;
    const bool is_literal = has(word, 0x3b000000u, 0x18000000u);
    const bool is_constant = (word & 1u << 24) != 0;
    const bool by_register = !is_constant && has(word, 0x00200c00u, 0x00200800u);
    const bool is_atomic = !is_vector && !is_constant && has(word, 0x00200c00u, 0x00200000u);
    const bool writes_back = !is_constant && has(word, 0x00200400u, 0x00000400u);
    const uint32_t opcode = word >> 22 & 3u;
    if (!is_vector && !is_literal && opcode == 2u && word >> 30 == 3u) {
        return simple(SHUNT_OTHER, 0, core(word, 5)); // PRFM
    }
    const uint64_t address =
        is_literal ? 0 : core(word, 5) | (by_register || is_atomic ? core(word, 16) : 0);
    const uint64_t base = writes_back && !is_literal ? core(word, 5) : 0;
    if (is_vector) {
        const bool loads = is_literal || (opcode & 1u) != 0;
        const bool is_16 = is_literal ? word >> 30 == 2u : opcode >= 2u;
        return access(loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE, loads, vector(word, 0),
                      address, base, is_16 ? 16u : 8u);
    }
    const bool loads = is_literal || is_atomic || opcode != 0;
    return access(loads ? SHUNT_LOAD_FIRST : SHUNT_STORE, loads, core(word, 0), address, base, 8u);
}

static shunt_instruction_t decode_memory(uint32_t word) {
    if (has(word, 0x3a000000u, 0x28000000u)) {
        return decode_pair(word);
    }
    if (has(word, 0xbe000000u, 0x0c000000u)) {
        return decode_structure(word);
    }
    if (has(word, 0x3f000000u, 0x08000000u)) { // exclusive, ordered
        const bool loads = (word & 1u << 22) != 0;
        return access(loads ? SHUNT_LOAD_FIRST : SHUNT_STORE, loads, core(word, 0), core(word, 5),
                      loads ? 0 : core(word, 16), 8u);
    }
    return decode_single(word);
}

// MARK: core registers

static shunt_instruction_t decode_immediate(uint32_t word) {
    const uint32_t group = word >> 23 & 7u;
    if (group <= 1u) { // ADR, ADRP
        return simple(SHUNT_ALU, core(word, 0), 0);
    }
    uint64_t reads = core(word, 5);
    if (group == 5u) { // MOVN, MOVZ; MOVK changes its destination
        reads = (word >> 29 & 3u) == 3u ? core(word, 0) : 0;
    } else if (group == 6u && (word >> 29 & 3u) == 1u) { // BFM: so does this
        reads |= core(word, 0);
    } else if (group == 7u) { // EXTR
        reads |= core(word, 16);
    }
    return simple(SHUNT_ALU, core(word, 0), reads);
}

static shunt_instruction_t decode_register(uint32_t word) {
    shunt_instruction_t instruction =
        simple(SHUNT_ALU, core(word, 0), core(word, 5) | core(word, 16));
    if (has(word, 0x1f000000u, 0x1b000000u)) { // three sources
        const bool adds = (word >> 10 & 31u) != 31u;
        const bool is_long = (word & 7u << 21) != 0;
        instruction.reads |= core(word, 10);
        instruction.units = SHUNT_UNIT_MULTIPLY;
        if (is_long) {
            instruction.counter = adds ? SHUNT_MAC_LONG : SHUNT_MUL_LONG;
        } else {
            instruction.counter = adds ? SHUNT_MAC : SHUNT_MUL;
        }
    } else if (has(word, 0x5fe0f800u, 0x1ac00800u)) {
        instruction.counter = SHUNT_DIVIDE;
        instruction.units = SHUNT_UNIT_MULTIPLY;
    } else if (has(word, 0x5fe00000u, 0x5ac00000u)) { // one source
        instruction.reads = core(word, 5);
    }
    return instruction;
}

// MARK: vectors and floating point

static bool multiplies(uint32_t word) {
    if (has(word, 0x9f200400u, 0x0e200400u)) { // three vectors alike
        const uint32_t code = word >> 11 & 31u;
        const bool is_integer = code == 0x12u || code == 0x13u || code == 0x16u;
        const bool is_float = code == 0x19u || (code == 0x1bu && (word & 1u << 23) == 0);
        return is_integer || is_float;
    }
    if (has(word, 0x9f200c00u, 0x0e200000u)) { // three vectors of different width
        return (word >> 12 & 15u) >= 8u;
    }
    if (has(word, 0x9f20f400u, 0x0e009400u)) { // SDOT, UDOT
        return true;
    }
    return has(word, 0x9f000400u, 0x0f000000u); // vector by element
}

static shunt_instruction_t decode_vector(uint32_t word) {
    shunt_instruction_t instruction = simple(SHUNT_VECTOR_ALU, vector(word, 0),
                                             vector(word, 5) | vector(word, 16) | vector(word, 0));
    if (multiplies(word)) {
        instruction.counter = SHUNT_VECTOR_MAC;
        instruction.units = SHUNT_UNIT_VECTOR_MULTIPLY;
    }
    if ((word & 1u << 30) != 0) {
        instruction.units |= SHUNT_UNIT_WHOLE_VECTOR;
    }
    return instruction;
}

static shunt_instruction_t decode_vector_or_float(uint32_t word) {
    if (has(word, 0x5f000000u, 0x1f000000u)) {
        return simple(SHUNT_FP_MAC, vector(word, 0),
                      vector(word, 5) | vector(word, 16) | vector(word, 10));
    }
    if (has(word, 0x5f20fc00u, 0x1e201800u) || has(word, 0x5f3ffc00u, 0x1e21c000u)) {
        return simple(SHUNT_FP_DIVIDE, vector(word, 0), vector(word, 5) | vector(word, 16));
    }
    if (has(word, 0x5e000000u, 0x1e000000u) && (word & 1u << 31) == 0) {
        return simple(SHUNT_FP, vector(word, 0), vector(word, 5) | vector(word, 16));
    }
    if (has(word, 0x5f20fc00u, 0x1e200000u)) { // with a core register: FCVTZS, SCVTF, FMOV
        return simple(SHUNT_FP, vector(word, 0) | core(word, 0), vector(word, 5) | core(word, 5));
    }
    if (has(word, 0xbfe0fc00u, 0x0e000c00u) || has(word, 0xffe0fc00u, 0x4e001c00u)) {
        return simple(SHUNT_VECTOR_ALU, vector(word, 0), core(word, 5)); // DUP, INS from a register
    }
    if (has(word, 0xbfe0ec00u, 0x0e002c00u)) { // SMOV, UMOV
        return simple(SHUNT_VECTOR_ALU, core(word, 0), vector(word, 5));
    }
    return decode_vector(word);
}

// MARK: branches and system

static shunt_instruction_t decode_control(uint32_t word) {
    if (has(word, 0xff000000u, 0xd4000000u) || has(word, 0xff000000u, 0xd5000000u)) {
        return simple(word == 0xd503201fu ? SHUNT_ALU : SHUNT_OTHER, 0, 0); // NOP, else system
    }
    shunt_instruction_t instruction = {
        .counter = SHUNT_BRANCH, .jumps = true, .units = SHUNT_UNIT_BRANCH};
    if (has(word, 0x7c000000u, 0x34000000u)) { // CBZ ... TBNZ
        instruction.reads = core(word, 0);
    } else if (has(word, 0xfe000000u, 0xd6000000u)) { // BR, BLR, RET
        instruction.reads = core(word, 5);
    }
    return instruction;
}

shunt_instruction_t shunt_decode_a64(uint32_t word) {
    switch (word >> 25 & 15u) {
    case 0x8:
    case 0x9:
        return decode_immediate(word);
    case 0xa:
    case 0xb:
        return decode_control(word);
    case 0x4:
    case 0x6:
    case 0xc:
    case 0xe:
        return decode_memory(word);
    case 0x5:
    case 0xd:
        return decode_register(word);
    case 0x7:
    case 0xf:
        return decode_vector_or_float(word);
    default:
        return simple(SHUNT_UNKNOWN, 0, 0);
    }
}

bool shunt_issues_together(const shunt_instruction_t *now, const shunt_instruction_t *before) {
    const bool are_ordinary = now->counter != SHUNT_OTHER && now->counter != SHUNT_UNKNOWN &&
                              before->counter != SHUNT_OTHER && before->counter != SHUNT_UNKNOWN;
    const bool wide_load_blocks =
        (before->counter == SHUNT_VECTOR_LOAD && (now->units & SHUNT_UNIT_WHOLE_VECTOR) != 0) ||
        (now->counter == SHUNT_VECTOR_LOAD && (before->units & SHUNT_UNIT_WHOLE_VECTOR) != 0);
    return are_ordinary && !before->jumps && (now->units & before->units) == 0 &&
           (before->writes & (now->reads | now->writes)) == 0 && !wide_load_blocks;
}

// SPDX-License-Identifier: MIT
//
// AArch64, by the main groups of its encoding only: enough to tell arithmetic from memory.
#include "decode.h"

static bool has(uint32_t word, uint32_t mask, uint32_t value) {
    return (word & mask) == value;
}

static shunt_counter_t memory_class(uint32_t word) {
    const bool vector = (word & 1u << 26) != 0;
    if (has(word, 0x3a000000u, 0x28000000u)) { // LDP, STP
        const bool loads = (word & 1u << 22) != 0;
        if (vector) {
            return loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE;
        }
        return loads ? SHUNT_LOAD_DOUBLE : SHUNT_STORE_DOUBLE;
    }
    const bool literal = has(word, 0x3b000000u, 0x18000000u);
    const bool structure = has(word, 0xbe000000u, 0x0c000000u); // LD1 ... ST4
    const bool loads = literal || (word & (structure || !vector ? 3u << 22 : 1u << 22)) != 0;
    if (vector) {
        return loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE;
    }
    return loads ? SHUNT_LOAD_FIRST : SHUNT_STORE;
}

static shunt_counter_t register_class(uint32_t word) {
    if (has(word, 0x1f000000u, 0x1b000000u)) { // three sources
        const bool adds = (word >> 10 & 31u) != 31u;
        const bool wide = (word & 7u << 21) != 0;
        if (wide) {
            return adds ? SHUNT_MAC_LONG : SHUNT_MUL_LONG;
        }
        return adds ? SHUNT_MAC : SHUNT_MUL;
    }
    if (has(word, 0x5fe0f800u, 0x1ac00800u)) {
        return SHUNT_DIVIDE;
    }
    return SHUNT_ALU;
}

static shunt_counter_t vector_class(uint32_t word) {
    if (has(word, 0x9f200400u, 0x0e200400u)) { // three vectors alike
        const uint32_t code = word >> 11 & 31u;
        const bool multiplies = code == 0x12u || code == 0x13u || code == 0x16u || code == 0x19u;
        return multiplies ? SHUNT_VECTOR_MAC : SHUNT_VECTOR_ALU;
    }
    if (has(word, 0x9f200c00u, 0x0e200000u)) { // three vectors of different width
        return (word >> 12 & 15u) >= 8u ? SHUNT_VECTOR_MAC : SHUNT_VECTOR_ALU;
    }
    if (has(word, 0xbf20fc00u, 0x0e009400u) || has(word, 0xbf20fc00u, 0x2e009400u)) {
        return SHUNT_VECTOR_MAC; // SDOT, UDOT
    }
    if (has(word, 0x9f000400u, 0x0f000000u)) { // vector by element
        return SHUNT_VECTOR_MAC;
    }
    if (has(word, 0x5f000000u, 0x1f000000u)) {
        return SHUNT_FP_MAC;
    }
    if (has(word, 0x5f20fc00u, 0x1e201800u)) {
        return SHUNT_FP_DIVIDE;
    }
    return has(word, 0x5e000000u, 0x1e000000u) && (word & 1u << 31) == 0 ? SHUNT_FP
                                                                         : SHUNT_VECTOR_ALU;
}

shunt_instruction_t shunt_decode_a64(uint32_t word) {
    shunt_instruction_t instruction = {.counter = SHUNT_UNKNOWN};
    switch (word >> 25 & 15u) {
    case 0x8:
    case 0x9:
        instruction.counter = SHUNT_ALU;
        break;
    case 0xa:
    case 0xb:
        if (has(word, 0xff000000u, 0xd4000000u) || has(word, 0xff000000u, 0xd5000000u)) {
            instruction.counter = word == 0xd503201fu ? SHUNT_ALU : SHUNT_OTHER; // NOP, else system
        } else {
            instruction.counter = SHUNT_BRANCH;
            instruction.jumps = true;
        }
        break;
    case 0x4:
    case 0x6:
    case 0xc:
    case 0xe:
        instruction.counter = memory_class(word);
        break;
    case 0x5:
    case 0xd:
        instruction.counter = register_class(word);
        break;
    case 0x7:
    case 0xf:
        instruction.counter = vector_class(word);
        break;
    default:
        break;
    }
    return instruction;
}

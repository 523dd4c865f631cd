// SPDX-License-Identifier: MIT
//
// Thumb, by the encoding tables of the Armv7-M and Armv8-M architecture reference manuals.
#include "decode.h"

static uint32_t bits(uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((1u << (high - low + 1u)) - 1u);
}

static uint16_t reg(uint32_t number) {
    return (uint16_t)(1u << (number & 15u));
}

static uint8_t count_ones(uint32_t mask) {
    uint8_t ones = 0;
    for (; mask != 0; mask &= mask - 1u) {
        ones++;
    }
    return ones;
}

static shunt_instruction_t simple(shunt_counter_t counter, uint32_t reads) {
    return (shunt_instruction_t){.counter = counter, .reads = (uint16_t)reads};
}

static shunt_instruction_t jump(uint32_t reads) {
    return (shunt_instruction_t){.counter = SHUNT_BRANCH, .reads = (uint16_t)reads, .jumps = true};
}

/// A load of `target`, a register number; a load of PC jumps.
static shunt_instruction_t load(uint32_t target, uint32_t address) {
    return (shunt_instruction_t){.counter = SHUNT_LOAD_FIRST,
                                 .reads = (uint16_t)address,
                                 .address = (uint16_t)address,
                                 .loads = reg(target),
                                 .jumps = target == 15u};
}

static shunt_instruction_t store(shunt_counter_t counter, uint32_t values, uint32_t address) {
    return (shunt_instruction_t){
        .counter = counter, .reads = (uint16_t)(values | address), .address = (uint16_t)address};
}

static shunt_instruction_t load_multiple(uint32_t mask, uint32_t base) {
    return (shunt_instruction_t){.counter = SHUNT_LOAD_MULTIPLE,
                                 .reads = (uint16_t)base,
                                 .address = (uint16_t)base,
                                 .words = count_ones(mask),
                                 .jumps = (mask & 0x8000u) != 0};
}

static shunt_instruction_t store_multiple(uint32_t mask, uint32_t base) {
    shunt_instruction_t instruction = store(SHUNT_STORE_MULTIPLE, mask, base);
    instruction.words = count_ones(mask);
    return instruction;
}

/// 0x4000 ... 0x47ff: register operations, high registers, BX.
static shunt_instruction_t decode_register_16(uint32_t op) {
    if (op < 0x4400u) {
        const uint32_t code = bits(op, 9, 6);
        if (code == 9u || code == 15u) { // RSBS and MVNS do not read their destination
            return simple(SHUNT_ALU, reg(bits(op, 5, 3)));
        }
        return simple(code == 13u ? SHUNT_MUL : SHUNT_ALU,
                      reg(bits(op, 2, 0)) | reg(bits(op, 5, 3)));
    }
    const uint32_t source = bits(op, 6, 3);
    if (op >= 0x4700u) {
        return jump(reg(source));
    }
    const uint32_t target = bits(op, 7, 7) * 8u + bits(op, 2, 0);
    const bool moves = bits(op, 9, 8) == 2u;
    const bool compares = bits(op, 9, 8) == 1u;
    const uint32_t reads = moves ? reg(source) : (uint32_t)reg(source) | reg(target);
    return target == 15u && !compares ? jump(reads) : simple(SHUNT_ALU, reads);
}

/// 0x5000 ... 0x9fff: loads and stores of one register.
static shunt_instruction_t decode_memory_16(uint32_t op) {
    uint32_t value = bits(op, 2, 0);
    uint32_t address = reg(bits(op, 5, 3));
    bool loads = bits(op, 11, 11) != 0;
    if (op < 0x6000u) {
        address |= reg(bits(op, 8, 6));
        loads = bits(op, 11, 9) >= 3u;
    } else if (op >= 0x9000u) {
        value = bits(op, 10, 8);
        address = reg(13);
    }
    return loads ? load(value, address) : store(SHUNT_STORE, reg(value), address);
}

/// 0xb000 ... 0xbfff: miscellaneous.
static shunt_instruction_t decode_miscellaneous_16(uint32_t op) {
    if ((op & 0xf500u) == 0xb100u) {
        return jump(reg(bits(op, 2, 0))); // CBZ, CBNZ
    }
    switch (bits(op, 11, 8)) {
    case 0x0:
        return simple(SHUNT_ALU, reg(13)); // ADD, SUB SP
    case 0x2:
        return simple(SHUNT_ALU, reg(bits(op, 5, 3))); // SXTH ... UXTB
    case 0x4:
    case 0x5:
        return store_multiple(bits(op, 7, 0) | bits(op, 8, 8) << 14, reg(13)); // PUSH
    case 0xa:
        return bits(op, 7, 6) == 2u ? simple(SHUNT_OTHER, 0)
                                    : simple(SHUNT_ALU, reg(bits(op, 5, 3)));
    case 0xc:
    case 0xd:
        return load_multiple(bits(op, 7, 0) | bits(op, 8, 8) << 15, reg(13)); // POP
    case 0xf:
        return op == 0xbf00u || bits(op, 3, 0) != 0 ? simple(SHUNT_ALU, 0) // NOP, IT
                                                    : simple(SHUNT_OTHER, 0);
    case 0x6:
    case 0xe:
        return simple(SHUNT_OTHER, 0); // CPS, BKPT
    default:
        return simple(SHUNT_UNKNOWN, 0);
    }
}

static shunt_instruction_t decode_16(uint32_t op) {
    switch (bits(op, 15, 12)) {
    case 0x0:
    case 0x1: {
        const uint32_t second = bits(op, 15, 10) == 6u ? reg(bits(op, 8, 6)) : 0u;
        return simple(SHUNT_ALU, reg(bits(op, 5, 3)) | second);
    }
    case 0x2:
    case 0x3: // only MOVS reads nothing
        return simple(SHUNT_ALU, bits(op, 12, 11) == 0 ? 0u : reg(bits(op, 10, 8)));
    case 0x4:
        return op < 0x4800u ? decode_register_16(op) : load(bits(op, 10, 8), 0);
    case 0x5:
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
        return decode_memory_16(op);
    case 0xa:
        return simple(SHUNT_ALU, bits(op, 11, 11) != 0 ? reg(13) : 0u);
    case 0xb:
        return decode_miscellaneous_16(op);
    case 0xc:
        return bits(op, 11, 11) != 0 ? load_multiple(bits(op, 7, 0), reg(bits(op, 10, 8)))
                                     : store_multiple(bits(op, 7, 0), reg(bits(op, 10, 8)));
    case 0xd:
        return bits(op, 11, 8) < 14u ? jump(0) : simple(SHUNT_OTHER, 0); // else UDF, SVC
    default:
        return jump(0);
    }
}

/// Exclusive and ordered accesses, table branches, TT.
static shunt_instruction_t decode_exclusive(uint32_t op, uint32_t op2) {
    const uint32_t base = reg(bits(op, 3, 0));
    const bool loads = bits(op, 4, 4) != 0;
    if (bits(op, 7, 7) == 0) {
        if (loads) {
            return load(bits(op2, 15, 12), base);
        }
        return bits(op2, 15, 12) == 15u ? simple(SHUNT_OTHER, base)
                                        : store(SHUNT_STORE, reg(bits(op2, 15, 12)), base);
    }
    if (loads && bits(op2, 7, 5) == 0) {
        return jump(base | reg(bits(op2, 3, 0))); // TBB, TBH
    }
    return loads ? load(bits(op2, 15, 12), base) : store(SHUNT_STORE, reg(bits(op2, 15, 12)), base);
}

/// 0xe800 ... 0xe9ff: multiple, double, exclusive.
static shunt_instruction_t decode_memory_many(uint32_t op, uint32_t op2) {
    const uint32_t base = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
    const bool loads = bits(op, 4, 4) != 0;
    if (op == 0xe97fu && op2 == 0xe97fu) {
        return simple(SHUNT_OTHER, 0); // SG
    }
    if (op == 0xe89fu) {
        return simple(SHUNT_ALU, 0); // CLRM
    }
    if (bits(op, 6, 6) == 0) {
        return loads ? load_multiple(op2, base) : store_multiple(op2, base);
    }
    if (bits(op, 8, 8) == 0 && bits(op, 5, 5) == 0) {
        return decode_exclusive(op, op2);
    }
    const uint32_t values = (uint32_t)reg(bits(op2, 15, 12)) | reg(bits(op2, 11, 8));
    if (!loads) {
        return store(SHUNT_STORE_DOUBLE, values, base);
    }
    return (shunt_instruction_t){.counter = SHUNT_LOAD_DOUBLE,
                                 .reads = (uint16_t)base,
                                 .address = (uint16_t)base,
                                 .loads = (uint16_t)values};
}

/// 0xf000 ... 0xf7ff with bit 15 of the second halfword: branches and system.
static shunt_instruction_t decode_control(uint32_t op, uint32_t op2) {
    if (bits(op2, 12, 12) != 0) {
        return jump(0); // B, BL
    }
    if (bits(op2, 14, 14) != 0) {
        const uint32_t reads = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
        if (bits(op2, 13, 13) != 0) {
            return simple(SHUNT_ALU, reads); // DLS, VCTP, LCTP
        }
        return reads != 0 ? jump(reads) : simple(SHUNT_LOOP_END, 0); // WLS; LE
    }
    if (bits(op, 9, 7) != 7u) {
        return jump(0); // B<condition>
    }
    return op == 0xf3afu && op2 == 0x8000u ? simple(SHUNT_ALU, 0) : simple(SHUNT_OTHER, 0); // NOP.W
}

/// 0xf000 ... 0xf7ff without it: operations with an immediate.
static shunt_instruction_t decode_immediate(uint32_t op) {
    const uint32_t source = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
    if (bits(op, 9, 9) == 0) {
        return simple(SHUNT_ALU, source);
    }
    const uint32_t code = bits(op, 8, 4);
    if (code == 4u || code == 12u) {
        return simple(SHUNT_ALU, 0); // MOVW, MOVT: the field is part of their immediate
    }
    const bool saturates = (code & 0x15u) == 0x10u; // SSAT, SSAT16, USAT, USAT16
    return simple(saturates ? SHUNT_DSP : SHUNT_ALU, source);
}

/// 0xf800 ... 0xf9ff: loads and stores of one register.
static shunt_instruction_t decode_memory_32(uint32_t op, uint32_t op2) {
    const uint32_t value = bits(op2, 15, 12);
    const uint32_t base = bits(op, 3, 0);
    const bool literal = base == 15u;
    const bool by_register = !literal && bits(op, 7, 7) == 0 && bits(op2, 11, 11) == 0;
    const uint32_t address = (literal ? 0u : reg(base)) | (by_register ? reg(bits(op2, 3, 0)) : 0u);
    if (bits(op, 4, 4) == 0) {
        return store(SHUNT_STORE, reg(value), address);
    }
    if (value == 15u && bits(op, 6, 5) != 2u) {
        return simple(SHUNT_OTHER, address); // PLD, PLI
    }
    return load(value, address);
}

/// 0xfa00 ... 0xfaff: shifts by a register, extension, parallel arithmetic.
static shunt_instruction_t decode_register_32(uint32_t op, uint32_t op2) {
    const uint32_t first = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
    const uint32_t reads = first | reg(bits(op2, 3, 0));
    const uint32_t code = bits(op, 6, 4);
    if (bits(op, 7, 7) == 0) {
        if (bits(op2, 7, 7) == 0) {
            return simple(SHUNT_ALU, reads); // LSL ... ROR
        }
        const bool dsp = first != 0 || code == 2u || code == 3u; // SXTAB, SXTB16, ...
        return simple(dsp ? SHUNT_DSP : SHUNT_ALU, reads);
    }
    if (bits(op2, 7, 7) != 0 && (code == 1u || code == 3u)) {
        return simple(SHUNT_ALU, reg(bits(op2, 3, 0))); // REV, RBIT, CLZ
    }
    return simple(SHUNT_DSP, reads);
}

/// 0xfb00 ... 0xfbff: multiplication and division.
static shunt_instruction_t decode_multiply(uint32_t op, uint32_t op2) {
    const uint32_t factors = (uint32_t)reg(bits(op, 3, 0)) | reg(bits(op2, 3, 0));
    const uint32_t high = bits(op2, 15, 12);
    const uint32_t code = bits(op, 6, 4);
    if (bits(op, 7, 7) == 0) {
        const uint32_t addend = high == 15u ? 0u : reg(high);
        const shunt_counter_t plain = addend != 0 ? SHUNT_MAC : SHUNT_MUL;
        return simple(code == 0 ? plain : SHUNT_DSP_MAC, factors | addend);
    }
    const uint32_t sum = (uint32_t)reg(high) | reg(bits(op2, 11, 8));
    switch (code) {
    case 0:
    case 2:
        return simple(SHUNT_MUL_LONG, factors);
    case 1:
    case 3:
        return simple(SHUNT_DIVIDE, factors);
    case 4:
        return simple(bits(op2, 7, 4) == 0 ? SHUNT_MAC_LONG : SHUNT_DSP_MAC, factors | sum);
    case 5:
        return simple(SHUNT_DSP_MAC, factors | sum);
    case 6:
        return simple(SHUNT_MAC_LONG, factors | sum);
    default:
        return simple(SHUNT_UNKNOWN, 0);
    }
}

/// Loads and stores of the floating point registers; of MVE where bits 11 ... 9 are all ones.
static shunt_instruction_t decode_fp_memory(uint32_t op, uint32_t op2) {
    const uint32_t base = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
    const bool loads = bits(op, 4, 4) != 0;
    if (bits(op2, 11, 9) == 7u) {
        if ((op & 0xffa0u) == 0xec00u) {
            return simple(SHUNT_VECTOR_ALU, 0); // VMOV between two lanes and two core registers
        }
        return store(loads ? SHUNT_VECTOR_LOAD : SHUNT_VECTOR_STORE, 0, base);
    }
    if (bits(op, 12, 12) != 0) {
        return simple(bits(op2, 11, 8) == 8u ? SHUNT_VECTOR_MAC : SHUNT_UNKNOWN, 0); // VCMLA
    }
    if (bits(op2, 11, 10) != 2u) {
        return simple(SHUNT_UNKNOWN, 0);
    }
    if ((op & 0xffe0u) == 0xec40u) { // VMOV between two core registers and D or S registers
        const uint32_t pair = (uint32_t)reg(bits(op2, 15, 12)) | reg(bits(op, 3, 0));
        return simple(SHUNT_FP, loads ? 0u : pair);
    }
    if (bits(op, 8, 8) != 0 && bits(op, 5, 5) == 0) { // VLDR, VSTR
        return store(loads ? SHUNT_LOAD_FIRST : SHUNT_STORE, 0, base);
    }
    shunt_instruction_t many = store(loads ? SHUNT_LOAD_MULTIPLE : SHUNT_STORE_MULTIPLE, 0, base);
    many.words = (uint8_t)bits(op2, 7, 0);
    return many;
}

/// Scalar floating point arithmetic and moves.
static shunt_instruction_t decode_fp(uint32_t op, uint32_t op2) {
    if (bits(op, 15, 12) == 15u) {
        return simple(SHUNT_FP, 0); // VSEL, VMAXNM, VRINT, VCVT with a rounding mode
    }
    if (bits(op2, 4, 4) != 0) { // to a core register if bit 4 of the first halfword is set
        return simple(SHUNT_FP, bits(op, 4, 4) != 0 ? 0u : reg(bits(op2, 15, 12)));
    }
    switch (bits(op, 7, 7) << 2 | bits(op, 5, 4)) {
    case 0: // VMLA, VMLS
    case 1: // VNMLA, VNMLS
    case 5: // VFNMA, VFNMS
    case 6: // VFMA, VFMS
        return simple(SHUNT_FP_MAC, 0);
    case 4:
        return simple(SHUNT_FP_DIVIDE, 0);
    case 7:
        return simple(bits(op, 3, 0) == 1u && bits(op2, 7, 6) == 3u ? SHUNT_FP_DIVIDE : SHUNT_FP,
                      0);
    default:
        return simple(SHUNT_FP, 0);
    }
}

/// MVE in the space 0xef, 0xff, shared with Advanced SIMD: VMUL, VFMA, VQDMULH of two vectors.
static bool multiplies_alike(uint32_t op, uint32_t op2) {
    if (bits(op, 7, 7) != 0) {
        return false; // shifts by an immediate, operations on one vector
    }
    switch (bits(op2, 11, 8)) {
    case 9:
    case 12:
        return bits(op2, 4, 4) != 0;
    case 11:
        return bits(op2, 4, 4) == 0;
    case 13:
        return bits(op2, 4, 4) != 0 && bits(op, 12, 12) != 0; // without the latter VADD
    default:
        return false;
    }
}

/// MVE in the space 0xee, 0xfe, upper half: VMLADAV and its kin among reductions and shifts.
static bool multiplies_across(uint32_t op, uint32_t op2) {
    if (bits(op2, 6, 6) != 0) {
        return false; // VSHRN, VSHLL, VSHLC
    }
    if (bits(op2, 11, 8) == 14u) {
        return true;
    }
    const bool sum = bits(op, 0, 0) != 0;         // VADDV, VADDLV
    const bool extreme = bits(op, 6, 4) == 6u;    // VMINV, VMAXV
    const bool difference = bits(op2, 0, 0) != 0; // VABAV
    return !sum && !extreme && !difference;
}

/// MVE in the space 0xee, 0xfe, lower half: vector by scalar, widening, complex.
static bool multiplies_scalar(uint32_t op, uint32_t op2) {
    const bool widest = bits(op, 5, 4) == 3u;
    const bool by_scalar = bits(op2, 6, 6) != 0;
    if (bits(op2, 11, 8) == 15u) { // VQDMULL among VADD, VADC, VCMP, VPSEL
        return widest && bits(op, 0, 0) == 0 &&
               bits(op2, by_scalar ? 5 : 0, by_scalar ? 5 : 0) != 0;
    }
    if (by_scalar) { // VMUL, VMLA, VQDMULH among VSHL and VBRSR
        const bool shifts =
            bits(op2, 12, 12) != 0 && bits(op2, 5, 5) != 0 && (widest || bits(op, 12, 12) != 0);
        return !shifts;
    }
    return !(widest && bits(op, 0, 0) != 0 && bits(op2, 0, 0) != 0); // else VMOVN, VMAXA, VCVT
}

static shunt_instruction_t decode_coprocessor(uint32_t op, uint32_t op2) {
    const uint32_t group = bits(op, 9, 8);
    if (group < 2u) {
        return decode_fp_memory(op, op2);
    }
    if (group == 3u) {
        return simple(multiplies_alike(op, op2) ? SHUNT_VECTOR_MAC : SHUNT_VECTOR_ALU, 0);
    }
    const uint32_t coprocessor = bits(op2, 11, 8);
    if (coprocessor >= 9u && coprocessor <= 11u) {
        return decode_fp(op, op2);
    }
    if (coprocessor >= 14u) {
        const bool upper = bits(op, 7, 7) != 0;
        const bool multiplies = upper ? multiplies_across(op, op2) : multiplies_scalar(op, op2);
        return simple(multiplies ? SHUNT_VECTOR_MAC : SHUNT_VECTOR_ALU, 0);
    }
    return simple(SHUNT_UNKNOWN, 0);
}

static shunt_instruction_t decode_32(uint32_t op, uint32_t op2) {
    switch (bits(op, 12, 11)) {
    case 1:
        if (op >= 0xec00u) {
            return decode_coprocessor(op, op2);
        }
        if (op < 0xea00u) {
            return decode_memory_many(op, op2);
        } else {
            const uint32_t first = bits(op, 3, 0) == 15u ? 0u : reg(bits(op, 3, 0));
            const bool packs = bits(op, 8, 5) == 6u; // PKHBT, PKHTB
            return simple(packs ? SHUNT_DSP : SHUNT_ALU, first | reg(bits(op2, 3, 0)));
        }
    case 2:
        return bits(op2, 15, 15) != 0 ? decode_control(op, op2) : decode_immediate(op);
    default:
        if (op >= 0xfc00u) {
            return decode_coprocessor(op, op2);
        }
        if (op < 0xfa00u) {
            return decode_memory_32(op, op2);
        }
        return op < 0xfb00u ? decode_register_32(op, op2) : decode_multiply(op, op2);
    }
}

shunt_instruction_t shunt_decode_thumb(uint16_t first, uint16_t second) {
    return first >= 0xe800u ? decode_32(first, second) : decode_16(first);
}

shunt_counter_t shunt_pair(const shunt_instruction_t *now, const shunt_instruction_t *before,
                           bool *uses_load) {
    *uses_load = before != NULL && (now->reads & before->loads) != 0;
    if (now->counter != SHUNT_LOAD_FIRST || before == NULL || before->counter != SHUNT_LOAD_FIRST ||
        (now->address & before->loads) != 0) {
        return now->counter;
    }
    return SHUNT_LOAD_PAIRED;
}

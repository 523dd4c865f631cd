// SPDX-License-Identifier: Apache-2.0
#include "nibbles.h"

#include "intrinsics.h"

enum {
    RUN_UNIT = 16 ///< What run lengths are multiples of.
};

bool SHUNT_CHECK_NIBBLES(const shunt_call_t *call, uint32_t weights, const shunt_nibbles_t *nibbles,
                         uint32_t rows, uint64_t length) {
    const uint32_t run = nibbles->run_length;
    if (run == 0 || run % RUN_UNIT != 0 || nibbles->reserved[0] != 0 || nibbles->reserved[1] != 0) {
        return false;
    }
    // Fewer than 2^32 words are left to be multiplied; more are in no blob.
    const uint64_t words = (length + 3) / 4;
    const uint32_t pairs = (rows + 1) / 2;
    return words <= UINT32_MAX && shunt_constants_valid(call, weights, pairs * words * 4) &&
           shunt_constants_valid(call, nibbles->multipliers, pairs * ((length + run - 1) / run));
}

nibble_rows_t SHUNT_NIBBLE_ROWS(const shunt_call_t *call, uint32_t weights,
                                const shunt_nibbles_t *nibbles, uint32_t length) {
    return (nibble_rows_t){
        .weights = shunt_constants(call, weights),
        .multipliers = shunt_constants(call, nibbles->multipliers),
        .run_length = nibbles->run_length,
        .words = (length + 3) / 4,
        .runs = (length + nibbles->run_length - 1) / nibbles->run_length,
    };
}

/// Units of a run: sums of two products are 256 times the odd row's weight plus the even row's. A
/// nibble is 8 too large, and so the sums start at the products of -8.
static void widen_some(uint32_t *units, const uint32_t *words, const uint8_t *multiplier,
                       uint32_t count) {
    const uint32_t mask = 0x000F000F;
    const uint32_t factors = (*multiplier & 15u) | (uint32_t)*multiplier >> 4 << 24;
    const uint32_t offset = smlad(factors, 0xFFF8FFF8, 0);
    for (; count > 0; count--, words++, units += 2) {
        uint32_t weights[4];
        for (uint32_t i = 0; i < 4; i++) {
            weights[i] = smlad(*words >> (4 * i) & mask, factors, offset);
        }
        units[0] = pkhbt(weights[0], weights[2]);
        units[1] = pkhbt(weights[1], weights[3]);
    }
}

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

/// widen_some for blocks of RUN_UNIT weights of each row, at least one, `step` bytes from one
/// block's multipliers to the next one's.
__attribute__((naked, noinline)) static void widen_blocks(uint32_t *units, const uint32_t *words,
                                                          const uint8_t *multipliers,
                                                          uint32_t blocks, uint32_t step) {
    __asm__ volatile(".syntax unified\n"
                     ".macro nibbles_unit word, out0, out1, temporary\n"
                     "    and \\out0, lr, \\word\n"
                     "    and \\out1, lr, \\word, lsr #4\n"
                     "    and \\temporary, lr, \\word, lsr #8\n"
                     "    and \\word, lr, \\word, lsr #12\n"
                     "    smlad \\out0, \\out0, r3, r12\n"
                     "    smlad \\out1, \\out1, r3, r12\n"
                     "    smlad \\temporary, \\temporary, r3, r12\n"
                     "    smlad \\word, \\word, r3, r12\n"
                     "    pkhbt \\out0, \\out0, \\temporary, lsl #16\n"
                     "    pkhbt \\out1, \\out1, \\word, lsl #16\n"
                     ".endm\n"
                     "    push {r4-r11, lr}\n"
                     "    ldr r10, [sp, #36]\n"
                     "    add r11, r1, r3, lsl #4\n"
                     "    mov lr, #0x000F000F\n"
                     ".Lnibbles_loop:\n"
                     "    ldrb r4, [r2]\n"
                     "    mvn r5, #0x00070007\n"
                     "    lsr r3, r4, #4\n"
                     "    and r4, r4, #15\n"
                     "    orr r3, r4, r3, lsl #24\n"
                     "    smuad r12, r3, r5\n"
                     "    add r2, r2, r10\n"
                     ".rept 2\n"
                     "    ldrd r4, r5, [r1], #8\n"
                     "    nibbles_unit r4, r6, r7, r8\n"
                     "    nibbles_unit r5, r8, r9, r4\n"
                     "    stm r0!, {r6-r9}\n"
                     ".endr\n"
                     "    cmp r1, r11\n"
                     "    bne .Lnibbles_loop\n"
                     "    pop {r4-r11, pc}\n");
}

#else

/// widen_some for blocks of RUN_UNIT weights of each row, at least one, `step` bytes from one
/// block's multipliers to the next one's.
static void widen_blocks(uint32_t *units, const uint32_t *words, const uint8_t *multipliers,
                         uint32_t blocks, uint32_t step) {
    for (uint32_t i = 0; i < blocks; i++) {
        widen_some(units + 8 * i, words + 4 * i, multipliers + (size_t)step * i, 4);
    }
}

#endif

void SHUNT_WIDEN_NIBBLES(uint32_t *units, const nibble_rows_t *rows, uint32_t pair) {
    const uint32_t *words = rows->weights + (size_t)pair * rows->words;
    const uint8_t *multipliers = rows->multipliers + (size_t)pair * rows->runs;
    // Runs of one block are taken together.
    const uint32_t step = rows->run_length == RUN_UNIT ? 1 : 0;
    const uint32_t stretch = step != 0 ? rows->words : rows->run_length / 4;
    for (uint32_t left = rows->words; left > 0;) {
        const uint32_t count = left < stretch ? left : stretch;
        const uint32_t blocks = count / 4;
        if (blocks != 0) {
            widen_blocks(units, words, multipliers, blocks, step);
        }
        widen_some(units + 8 * blocks, words + 4 * blocks, multipliers + step * blocks, count % 4);
        multipliers++;
        left -= count;
        words += count;
        units += 2 * count;
    }
}

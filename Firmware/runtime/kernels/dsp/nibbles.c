// SPDX-License-Identifier: Apache-2.0
#include "nibbles.h"

#include "intrinsics.h"

enum {
    RUN_UNIT = 16,   ///< What run lengths are multiples of,
    BLOCK_WORDS = 4, ///< in words of a pair.
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

/// Units of `count` words: sums of two products are 256 times the odd row's weight plus the even
/// row's. A nibble is 8 too large, and so the sums start at the products of -8.
static void widen_some(uint32_t *units, const uint32_t *words, uint32_t multipliers,
                       uint32_t count) {
    const uint32_t mask = 0x000F000F;
    const uint32_t factors = (multipliers & 15) | multipliers >> 4 << 24;
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

/// Units of whole runs, at least one, of `run_bytes` bytes of words.
///
/// Registers of the loops: r0 units, r1 words, r2 multipliers, r3 factors, r12 where sums start, lr
/// the mask of a nibble. Runs of one block have a loop of their own.
__attribute__((naked, noinline)) static void widen_runs(uint32_t *units, const uint32_t *words,
                                                        const uint8_t *multipliers,
                                                        uint32_t run_bytes,
                                                        const uint32_t *words_end) {
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
                     ".macro nibbles_block\n"
                     ".rept 2\n"
                     "    ldrd r4, r5, [r1], #8\n"
                     "    nibbles_unit r4, r6, r7, r8\n"
                     "    nibbles_unit r5, r8, r9, r4\n"
                     "    stm r0!, {r6-r9}\n"
                     ".endr\n"
                     ".endm\n"
                     // The even row's multiplier in the lower half, 256 times the odd row's in the
                     // upper one.
                     ".macro nibbles_factors minus_eights\n"
                     "    ldrb r4, [r2], #1\n"
                     "    orr r3, r4, r4, lsl #20\n"
                     "    bic r3, r3, #0x00F000F0\n"
                     "    smuad r12, r3, \\minus_eights\n"
                     ".endm\n"

                     "    push {r3-r11, lr}\n"
                     "    ldr r11, [sp, #40]\n"
                     "    mov lr, #0x000F000F\n"
                     "    cmp r3, #16\n"
                     "    mvn r10, #0x00070007\n"
                     "    bne .Lnibbles_long\n"
                     ".Lnibbles_short:\n"
                     "    nibbles_factors r10\n"
                     "    nibbles_block\n"
                     "    cmp r1, r11\n"
                     "    bne .Lnibbles_short\n"
                     "    pop {r3-r11, pc}\n"

                     ".Lnibbles_long:\n"
                     "    mov r10, r1\n"
                     ".Lnibbles_run:\n"
                     "    mvn r5, #0x00070007\n"
                     "    nibbles_factors r5\n"
                     "    ldr r4, [sp]\n"
                     "    add r10, r10, r4\n"
                     ".Lnibbles_loop:\n"
                     "    nibbles_block\n"
                     "    cmp r1, r10\n"
                     "    bne .Lnibbles_loop\n"
                     "    cmp r1, r11\n"
                     "    bne .Lnibbles_run\n"
                     "    pop {r3-r11, pc}\n");
}

#else

/// Units of whole runs, at least one, of `run_bytes` bytes of words.
static void widen_runs(uint32_t *units, const uint32_t *words, const uint8_t *multipliers,
                       uint32_t run_bytes, const uint32_t *words_end) {
    const uint32_t count = run_bytes / 4;
    for (; words != words_end; words += count, units += 2 * (size_t)count) {
        widen_some(units, words, *multipliers++, count);
    }
}

#endif

/// Units of `count` words, which begin with a run.
static void widen_words(const nibble_rows_t *rows, uint32_t *units, const uint32_t *words,
                        const uint8_t *multipliers, uint32_t count) {
    const uint32_t run_words = rows->run_length / 4;
    const uint32_t rest = count % run_words, whole = count - rest;
    const uint32_t blocks = rest & ~(BLOCK_WORDS - 1u);
    if (whole != 0) {
        widen_runs(units, words, multipliers, rows->run_length, words + whole);
    }
    units += 2 * (size_t)whole;
    words += whole;
    multipliers += whole / run_words;
    if (blocks != 0) {
        widen_runs(units, words, multipliers, 4 * blocks, words + blocks);
    }
    if (rest != blocks) {
        widen_some(units + 2 * blocks, words + blocks, *multipliers, rest - blocks);
    }
}

void SHUNT_WIDEN_NIBBLES(uint32_t *units, const nibble_rows_t *rows, uint32_t pair,
                         uint32_t count) {
    const uint32_t *words = rows->weights + (size_t)pair * rows->words;
    const uint8_t *multipliers = rows->multipliers + (size_t)pair * rows->runs;
    if (rows->words % (rows->run_length / 4) == 0) {
        // Of several pairs, too, there are whole runs.
        widen_words(rows, units, words, multipliers, count * rows->words);
        return;
    }
    for (; count > 0; count--) {
        widen_words(rows, units, words, multipliers, rows->words);
        units += 2 * (size_t)rows->words;
        words += rows->words;
        multipliers += rows->runs;
    }
}

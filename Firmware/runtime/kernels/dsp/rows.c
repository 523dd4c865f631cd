// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include "intrinsics.h"

/// Adds a block's products to a pair's sums: of the even output, and of 256 times the odd one plus
/// that.
static inline void add_block(uint32_t *even, uint32_t *both, const uint32_t *weights,
                             const uint32_t *inputs) {
    for (uint32_t word = 0; word < BLOCK_WORDS; word++) {
        *both = smlad(weights[word], inputs[word], *both);
        *even = smlad(sxtb16(weights[word]), inputs[word], *even);
    }
}

/// Sums of one pair, whose blocks are `pitch` words apart.
static inline void sum_pair(const rows_t *rows, const uint32_t *weights, uint32_t pitch,
                            const uint32_t *start, uint32_t *sums) {
    uint32_t even = start[0], both = start[0];
    for (const uint32_t *inputs = rows->inputs; inputs != rows->inputs_end;
         inputs += BLOCK_WORDS, weights += pitch) {
        add_block(&even, &both, weights, inputs);
    }
    sums[1] = start[1] + (uint32_t)((int32_t)(both - even) >> 8);
    sums[0] = even;
}

void SHUNT_ACCUMULATE_PAIR(const rows_t *rows) {
    sum_pair(rows, rows->weights, BLOCK_WORDS, rows->start, rows->sums);
}

/// Four inputs, or as many as there are.
static uint32_t load_some(const int8_t *in, uint32_t count) {
    uint32_t word = 0;
    for (uint32_t i = 0; i < count && i < 4; i++) {
        word |= ((uint32_t)in[i] & UINT8_MAX) << (8 * i);
    }
    return word;
}

#if SHUNT_DSP_INSTRUCTIONS

_Static_assert(offsetof(rows_t, inputs) == 12 && offsetof(rows_t, weights) == 20,
               "the assembly loads these fields");

// Registers: r0 weights, r1 inputs, r2 r11 r12 lr weights, r7-r10 inputs, r3 and r5 sums of the even
// outputs, r4 and r6 of 256 times the odd ones plus those. They are all there are; the stack has the
// start of rows_t and where the rolled-out loop is entered. A block is 27 instructions, of 108
// bytes.
__attribute__((naked, noinline)) void
SHUNT_ACCUMULATE_ROWS(const rows_t *rows __attribute__((unused))) {
    __asm__ volatile(
        ".syntax unified\n"
        // Two inputs of a pair.
        ".macro rows_word weights, inputs, even, both\n"
        "    smlad \\both, \\weights, \\inputs, \\both\n"
        "    sxtb16 \\weights, \\weights\n"
        "    smlad \\even, \\weights, \\inputs, \\even\n"
        ".endm\n"
        ".macro rows_pair even, both\n"
        "    ldm r0!, {r2, r11, r12, lr}\n"
        "    rows_word r2, r7, \\even, \\both\n"
        "    rows_word r11, r8, \\even, \\both\n"
        "    rows_word r12, r9, \\even, \\both\n"
        "    rows_word lr, r10, \\even, \\both\n"
        ".endm\n"

        "    push {r4-r11, lr}\n"
        "    sub sp, sp, #28\n"
        "    ldm r0, {r1-r6}\n"
        "    mov r0, r6\n"
        // -blocks mod 4 blocks are skipped.
        "    sub r6, r4, r5\n"
        "    asrs r6, r6, #4\n"
        "    and r6, r6, #3\n"
        "    mov r8, #108\n"
        "    adr.w r7, .Lrows_loop\n"
        "    mla r6, r6, r8, r7\n"
        "    orr r6, r6, #1\n"
        "    stm sp, {r1-r6}\n"
        "    mov r11, r1\n"

        ".Lrows_next:\n"
        "    ldm r11, {r3-r6}\n"
        "    mov r4, r3\n"
        "    mov r6, r5\n"
        "    ldr r1, [sp, #12]\n"
        "    ldr pc, [sp, #20]\n"
        ".Lrows_loop:\n"
        ".rept 4\n"
        "    ldm r1!, {r7-r10}\n"
        "    rows_pair r3, r4\n"
        "    rows_pair r5, r6\n"
        ".endr\n"
        "    ldr r7, [sp, #16]\n"
        "    cmp r1, r7\n"
        "    bne .Lrows_loop\n"
        "    ldm sp, {r11, r12, lr}\n"
        "    ldm r11!, {r7-r10}\n"
        "    sub r4, r4, r3\n"
        "    sub r6, r6, r5\n"
        "    add r4, r8, r4, asr #8\n"
        "    add r6, r10, r6, asr #8\n"
        "    stm r12!, {r3-r6}\n"
        "    strd r11, r12, [sp]\n"
        "    cmp r0, lr\n"
        "    bne .Lrows_next\n"
        "    add sp, sp, #28\n"
        "    pop {r4-r11, pc}\n");
}

/// Widens `blocks` times 16 inputs.
static uint32_t *widen_blocks(uint32_t *words, const int8_t *in, uint32_t blocks) {
    while (blocks-- > 0) {
        __asm__ volatile("ldr r3, [%1], #4\n\t"
                         "ldr r5, [%1], #4\n\t"
                         "ldr r8, [%1], #4\n\t"
                         "ldr r10, [%1], #4\n\t"
                         "sxtb16 r2, r3\n\t"
                         "sxtb16 r3, r3, ror #8\n\t"
                         "sxtb16 r4, r5\n\t"
                         "sxtb16 r5, r5, ror #8\n\t"
                         "sxtb16 r6, r8\n\t"
                         "sxtb16 r8, r8, ror #8\n\t"
                         "sxtb16 r9, r10\n\t"
                         "sxtb16 r10, r10, ror #8\n\t"
                         "stm %0!, {r2-r6, r8-r10}"
                         : "+r"(words), "+r"(in)
                         :
                         : "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "memory");
    }
    return words;
}

#else

void SHUNT_ACCUMULATE_ROWS(const rows_t *rows) {
    const uint32_t words = (uint32_t)(rows->inputs_end - rows->inputs);
    const uint32_t *start = rows->start;
    uint32_t *sums = rows->sums;
    for (const uint32_t *weights = rows->weights; weights != rows->weights_end;
         weights += 2 * words, start += 4, sums += 4) {
        sum_pair(rows, weights, 2 * BLOCK_WORDS, start, sums);
        sum_pair(rows, weights + BLOCK_WORDS, 2 * BLOCK_WORDS, start + 2, sums + 2);
    }
}

static uint32_t *widen_blocks(uint32_t *words, const int8_t *in, uint32_t blocks) {
    for (uint32_t i = 0; i < 4 * blocks; i++, words += 2) {
        const uint32_t word = load_word(in + 4 * (size_t)i);
        words[0] = sxtb16(word);
        words[1] = sxtb16_ror8(word);
    }
    return words;
}

#endif

uint32_t *SHUNT_WIDEN_ROW(uint32_t *words, const int8_t *in, uint32_t count) {
    uint32_t *const end = words + (count + 7) / 8 * BLOCK_WORDS;
    words = widen_blocks(words, in, count / 16);
    for (uint32_t done = count & ~UINT32_C(15); done < count; done += 4, words += 2) {
        const uint32_t word = load_some(in + done, count - done);
        words[0] = sxtb16(word);
        words[1] = sxtb16_ror8(word);
    }
    return end;
}

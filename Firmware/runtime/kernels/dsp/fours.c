// SPDX-License-Identifier: Apache-2.0
#include "fours.h"

#include "intrinsics.h"
#include "shunt_layout_dsp.h"

enum {
    START_WORDS = 3, ///< Of a block of inputs: where sums start.
    BLOCK_WORDS = 8, ///< Words of inputs, or of nibbles, of a block.
};

_Static_assert(START_WORDS + BLOCK_WORDS == SHUNT_DSP_NIBBLES_INPUT_WORDS, "layout");

/// Four inputs, or as many as there are, else 0.
static uint32_t load_some(const int8_t *in, uint32_t count) {
    if (count >= 4) {
        return load_word(in);
    }
    uint32_t word = 0;
    for (uint32_t i = 0; i < count; i++) {
        word |= ((uint32_t)in[i] & UINT8_MAX) << (8 * i);
    }
    return word;
}

uint32_t *SHUNT_WIDEN_FOR_FOURS(uint32_t *words, const int8_t *in, uint32_t count) {
    const uint32_t ones = 0x00010001;
    for (uint32_t done = 0; done < count; done += SHUNT_DSP_NIBBLES) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < BLOCK_WORDS; i += 2) {
            const uint32_t at = done + 2 * i;
            const uint32_t word = at < count ? load_some(in + at, count - at) : 0;
            const uint32_t even = sxtb16(word), odd = sxtb16_ror8(word);
            sum = smlad(odd, ones, smlad(even, ones, sum));
            words[START_WORDS + i] = even;
            words[START_WORDS + i + 1] = odd;
        }
        words[0] = 0u - 8 * sum;
        words[1] = 17 * words[0];
        words[2] = 273 * words[0];
        words += SHUNT_DSP_NIBBLES_INPUT_WORDS;
    }
    return words;
}

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

// Registers: r0 weights, r1 inputs, r7-r10 inputs, r2 r11 r12 lr nibbles, sums of: r3 output 0, r4
// 16 times output 1 and that, r5 256 times output 2 and those, r6 4096 times output 3 and those.
// Each multiplication has the nibbles of one output less; differences are exact. Behind a block
// they are multiplied with its multipliers; the products of 256 and 4096 with these are 65536.
__attribute__((naked, noinline)) const uint32_t *SHUNT_MULTIPLY_FOUR(uint32_t *sums,
                                                                     const uint32_t *weights,
                                                                     const uint32_t *inputs,
                                                                     const uint32_t *inputs_end) {
    __asm__ volatile(".syntax unified\n"
                     // Two inputs of four outputs.
                     ".macro fours_word nibbles, inputs\n"
                     "    smlad r6, \\nibbles, \\inputs, r6\n"
                     "    bic \\nibbles, \\nibbles, #0xF000F000\n"
                     "    smlad r5, \\nibbles, \\inputs, r5\n"
                     "    and \\nibbles, \\nibbles, #0x00FF00FF\n"
                     "    smlad r4, \\nibbles, \\inputs, r4\n"
                     "    and \\nibbles, \\nibbles, #0x000F000F\n"
                     "    smlad r3, \\nibbles, \\inputs, r3\n"
                     ".endm\n"
                     "    push {r0, r4-r11, lr}\n"
                     "    mov r4, #0\n"
                     "    mov r5, #0\n"
                     "    mov r6, #0\n"
                     "    mov r7, #0\n"
                     "    push {r3-r7}\n"
                     "    str r4, [sp]\n"
                     "    str r3, [sp, #16]\n"
                     "    mov r0, r1\n"
                     "    mov r1, r2\n"
                     ".Lfours_loop:\n"
                     "    ldm r1!, {r3-r5}\n"
                     "    mov r6, r5\n"
                     ".rept 2\n"
                     "    ldm r1!, {r7-r10}\n"
                     "    ldm r0!, {r2, r11, r12, lr}\n"
                     "    fours_word r2, r7\n"
                     "    fours_word r11, r8\n"
                     "    fours_word r12, r9\n"
                     "    fours_word lr, r10\n"
                     ".endr\n"
                     "    ldrd r7, r8, [r0], #8\n"
                     "    ldm sp, {r9-r12, lr}\n"
                     "    sub r6, r6, r5\n"
                     "    sub r5, r5, r4\n"
                     "    sub r4, r4, r3\n"
                     "    smlabb r9, r3, r8, r9\n"
                     "    lsr r8, r8, #16\n"
                     "    mla r10, r4, r8, r10\n"
                     "    smlawt r11, r5, r7, r11\n"
                     "    smlawb r12, r6, r7, r12\n"
                     "    stm sp, {r9-r12}\n"
                     "    cmp r1, lr\n"
                     "    bne .Lfours_loop\n"
                     "    add sp, sp, #20\n"
                     "    pop {r1}\n"
                     "    stm r1, {r9-r12}\n"
                     "    pop {r4-r11, pc}\n");
}

#else

/// The product's upper 48 bits' lower 32, of a word and a half word.
static uint32_t multiply_wide(uint32_t word, int32_t half) {
    return (uint32_t)((uint64_t)((int64_t)(int32_t)word * half) >> 16);
}

const uint32_t *SHUNT_MULTIPLY_FOUR(uint32_t *sums, const uint32_t *weights, const uint32_t *inputs,
                                    const uint32_t *inputs_end) {
    static const uint32_t masks[] = {0x000F000F, 0x00FF00FF, 0x0FFF0FFF, 0xFFFFFFFF};
    for (uint32_t i = 0; i < 4; i++) {
        sums[i] = 0;
    }
    for (; inputs != inputs_end; inputs += SHUNT_DSP_NIBBLES_INPUT_WORDS) {
        uint32_t block[4];
        for (uint32_t i = 0; i < 4; i++) {
            block[i] = inputs[i < START_WORDS ? i : START_WORDS - 1];
            for (uint32_t word = 0; word < BLOCK_WORDS; word++) {
                block[i] = smlad(weights[word] & masks[i], inputs[START_WORDS + word], block[i]);
            }
        }
        weights += BLOCK_WORDS;
        sums[0] = smlabb(block[0], weights[1], sums[0]);
        sums[1] += (block[1] - block[0]) * (weights[1] >> 16);
        sums[2] += multiply_wide(block[2] - block[1], high_half(weights[0]));
        sums[3] += multiply_wide(block[3] - block[2], low_half(weights[0]));
        weights += 2;
    }
    return weights;
}

#endif

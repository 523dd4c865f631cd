// SPDX-License-Identifier: Apache-2.0
#include "fours.h"

#include "requantize.h"

enum {
    STARTS = 4, ///< Words that a run begins with: where the sums of a four start.
    ENTRY = 4,  ///< The word behind them: where a run enters the assembly's loop.
    BLOCK_WORDS = SHUNT_DSP_NIBBLE_INPUT_WORDS,
    RUN_WORDS = SHUNT_DSP_NIBBLE_RUN_WORDS,
    RUN_BLOCKS = SHUNT_DSP_NIBBLE_RUN / SHUNT_DSP_NIBBLE_BLOCK,
};

_Static_assert(RUN_WORDS == ENTRY + 1 && RUN_BLOCKS == 4, "layout");

/// Adds `blocks` blocks of products of four rows: of row 0 to sums[0], of row 1, 16 times, and row
/// 0 to sums[1], and so on. Each has the nibbles of one row less than the next.
static void add_run(uint32_t *sums, const uint32_t *weights, const uint32_t *inputs,
                    uint32_t blocks) {
    static const uint32_t masks[] = {0x000F000F, 0x00FF00FF, 0x0FFF0FFF, 0xFFFFFFFF};
    for (uint32_t word = 0; word < blocks * BLOCK_WORDS; word++) {
#pragma GCC unroll 4
        for (uint32_t row = 0; row < 4; row++) {
            sums[row] = smlad(weights[word] & masks[row], inputs[word], sums[row]);
        }
    }
}

/// Sums of products of four rows, with biases.
static void sum_four(const fours_t *fours, const uint32_t *weights, const uint8_t *multipliers,
                     const uint32_t *biases, uint32_t *sums) {
    const uint32_t *inputs = fours->inputs;
    for (uint32_t row = 0; row < 4; row++) {
        sums[row] = biases[row];
    }
    sums[1] *= 16;
    for (uint32_t left = fours->blocks; left > 0;) {
        const uint32_t blocks = left < fours->run_blocks ? left : fours->run_blocks;
        uint32_t run[4] = {inputs[0], inputs[1], inputs[2], inputs[3]};
        add_run(run, weights, inputs + RUN_WORDS, blocks);
        const uint32_t factors = load_half(multipliers);
        // The products of 256 and of 4096 with the multipliers' places are 65536.
        sums[0] += run[0] * (factors & 15);
        sums[1] += (run[1] - run[0]) * (factors >> 12);
        sums[2] = smlawb(run[2] - run[1], factors & 0xF00, sums[2]);
        sums[3] = smlawb(run[3] - run[2], factors & 0xF0, sums[3]);
        inputs += RUN_WORDS + blocks * BLOCK_WORDS;
        weights += blocks * BLOCK_WORDS;
        multipliers += 2;
        left -= blocks;
    }
    sums[1] = (uint32_t)((int32_t)sums[1] >> 4);
}

/// Adds `blocks` blocks of products of two rows: of row 0 to sums[0], of row 1, 16 times, and row 0
/// to sums[1].
static void add_pair_run(uint32_t *sums, const uint32_t *weights, const uint32_t *inputs,
                         uint32_t blocks) {
    const uint32_t both = 0x00FF00FF, first = 0x000F000F;
    for (; blocks > 0; blocks--, weights += BLOCK_WORDS / 2, inputs += BLOCK_WORDS) {
#pragma GCC unroll 4
        for (uint32_t i = 0; i < BLOCK_WORDS; i++) {
            const uint32_t nibbles = weights[i / 2] >> (i % 2 * 8) & both;
            sums[0] = smlad(nibbles & first, inputs[i], sums[0]);
            sums[1] = smlad(nibbles, inputs[i], sums[1]);
        }
    }
}

/// Sums of products of two rows, with biases.
static void sum_pair(const fours_t *fours, uint32_t *sums) {
    const uint32_t *inputs = fours->inputs, *weights = fours->weights;
    const uint8_t *multipliers = fours->multipliers;
    uint32_t first = fours->biases[0], second = fours->biases[1];
    for (uint32_t left = fours->blocks; left > 0;) {
        const uint32_t blocks = left < fours->run_blocks ? left : fours->run_blocks;
        uint32_t run[2] = {inputs[0], inputs[1]};
        add_pair_run(run, weights, inputs + RUN_WORDS, blocks);
        first += run[0] * (*multipliers & 15u);
        second += (uint32_t)((int32_t)(run[1] - run[0]) >> 4) * (*multipliers >> 4);
        inputs += RUN_WORDS + blocks * BLOCK_WORDS;
        weights += blocks * (BLOCK_WORDS / 2);
        multipliers++;
        left -= blocks;
    }
    sums[0] = first;
    sums[1] = second;
}

/// Requantizes `count` sums.
static void finish(const fours_t *fours, const uint32_t *sums, const shunt_dsp_scale_t *scales,
                   int8_t *out, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (int8_t)requantize(sums[i], scales[i], (uint32_t)fours->zero_point,
                                    fours->requantization);
    }
}

void SHUNT_MULTIPLY_REST(const fours_t *fours, uint32_t count) {
    uint32_t sums[4];
    if (count > 2) {
        sum_four(fours, fours->weights, fours->multipliers, fours->biases, sums);
    } else {
        sum_pair(fours, sums);
    }
    finish(fours, sums, fours->scales, fours->out, count);
}

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

_Static_assert(offsetof(fours_t, inputs_end) == 4 && offsetof(fours_t, inputs) == 8 &&
                   offsetof(fours_t, weights_end) == 24 && offsetof(fours_t, weights) == 32 &&
                   offsetof(fours_t, requantization) == 36,
               "the assembly loads these fields");

enum {
    LOOP_OFFSET = 4,        ///< From the function to its loop, in bytes.
    LOOP_BLOCK_BYTES = 120, ///< Instructions of a block.
};

// Registers of the loop: r0 weights, r1 inputs, r7-r10 inputs, r2 r11 r12 lr nibbles, sums of: r3
// row 0, r4 16 times row 1 and that, r5 256 times row 2 and those, r6 4096 times row 3 and those.
// Each multiplication has the nibbles of one row less; differences are exact. The loop is rolled
// out to the blocks of the longest run: each run begins with where to enter it. Behind a run the
// sums are multiplied; the products of 256 and 4096 with the multipliers' places are 65536.
//
// On the stack: multipliers, sums of the four rows, that of row 1 16 times, end of the inputs;
// inputs, biases; scales, out; end of the weights, where to go on with the sums; zero point.
__attribute__((naked, noinline, aligned(4))) void SHUNT_MULTIPLY_FOURS(const fours_t *fours) {
    __asm__ volatile(".syntax unified\n"
                     // Two inputs of four rows.
                     ".macro fours_word nibbles, inputs\n"
                     "    smlad r6, \\nibbles, \\inputs, r6\n"
                     "    bic \\nibbles, \\nibbles, #0xF000F000\n"
                     "    smlad r5, \\nibbles, \\inputs, r5\n"
                     "    and \\nibbles, \\nibbles, #0x00FF00FF\n"
                     "    smlad r4, \\nibbles, \\inputs, r4\n"
                     "    and \\nibbles, \\nibbles, #0x000F000F\n"
                     "    smlad r3, \\nibbles, \\inputs, r3\n"
                     ".endm\n"
                     ".macro fours_line acc, multiplier, addend\n"
                     "    smmla \\acc, \\acc, \\multiplier, \\addend\n"
                     ".endm\n"
                     ".macro fours_exact acc, multiplier, addend\n"
                     "    smmlar \\acc, \\acc, \\multiplier, \\acc\n"
                     "    add \\acc, \\acc, \\acc, asr #31\n"
                     "    smmlar \\acc, \\acc, \\addend, r8\n"
                     ".endm\n"
                     ".macro fours_fast acc, multiplier, addend\n"
                     "    smmla \\acc, \\acc, \\multiplier, \\acc\n"
                     "    smmlar \\acc, \\acc, \\addend, r8\n"
                     ".endm\n"
                     ".macro fours_scale form\n"
                     "    ldm r6!, {r2-r5}\n"
                     "    \\form r9, r2, r3\n"
                     "    \\form r10, r4, r5\n"
                     "    ldm r6!, {r2-r5}\n"
                     "    \\form r11, r2, r3\n"
                     "    \\form r12, r4, r5\n"
                     ".endm\n"

                     "    b.w .Lfours_begin\n"
                     ".Lfours_loop:\n"
                     ".rept 4\n"
                     "    ldm r1!, {r7-r10}\n"
                     "    ldm r0!, {r2, r11, r12, lr}\n"
                     "    fours_word r2, r7\n"
                     "    fours_word r11, r8\n"
                     "    fours_word r12, r9\n"
                     "    fours_word lr, r10\n"
                     ".endr\n"
                     ".if . - .Lfours_loop != 4 * 120\n"
                     ".error \"a block is not 120 bytes\"\n"
                     ".endif\n"
                     "    ldm sp, {r2, r9-r12, lr}\n"
                     "    ldrh r8, [r2], #2\n"
                     "    subs r6, r6, r5\n"
                     "    subs r5, r5, r4\n"
                     "    subs r4, r4, r3\n"
                     "    and r7, r8, #15\n"
                     "    mla r9, r3, r7, r9\n"
                     "    lsr r7, r8, #12\n"
                     "    mla r10, r4, r7, r10\n"
                     "    and r7, r8, #0xF00\n"
                     "    smlawb r11, r5, r7, r11\n"
                     "    and r8, r8, #0xF0\n"
                     "    smlawb r12, r6, r8, r12\n"
                     "    stm sp, {r2, r9-r12}\n"
                     "    cmp r1, lr\n"
                     "    beq .Lfours_sums\n"
                     "    ldm r1!, {r3-r6, pc}\n"

                     ".Lfours_sums:\n"
                     "    ldrd r6, r7, [sp, #32]\n"
                     "    asr r10, r10, #4\n"
                     "    ldr pc, [sp, #44]\n"
                     ".Lfours_exact:\n"
                     "    ldr r8, [sp, #48]\n"
                     "    fours_scale fours_exact\n"
                     "    b .Lfours_store\n"
                     ".Lfours_fast:\n"
                     "    ldr r8, [sp, #48]\n"
                     "    fours_scale fours_fast\n"
                     "    b .Lfours_store\n"
                     ".Lfours_line:\n"
                     "    fours_scale fours_line\n"
                     ".Lfours_store:\n"
                     "    ssat r9, #8, r9\n"
                     "    ssat r10, #8, r10\n"
                     "    ssat r11, #8, r11\n"
                     "    ssat r12, #8, r12\n"
                     "    strb r9, [r7], #1\n"
                     "    strb r10, [r7], #1\n"
                     "    strb r11, [r7], #1\n"
                     "    strb r12, [r7], #1\n"
                     "    ldr r8, [sp, #40]\n"
                     "    strd r6, r7, [sp, #32]\n"
                     "    cmp r0, r8\n"
                     "    bne .Lfours_next\n"
                     "    add sp, sp, #52\n"
                     "    pop {r4-r11, pc}\n"

                     ".Lfours_begin:\n"
                     "    push {r4-r11, lr}\n"
                     "    sub sp, sp, #52\n"
                     "    ldm r0, {r1-r10}\n"
                     "    str r1, [sp]\n"
                     "    add r12, sp, #20\n"
                     "    stm r12!, {r2-r7}\n"
                     "    mov r0, r9\n"
                     "    adr.w r11, .Lfours_exact\n"
                     "    cmp r10, #1\n"
                     "    it eq\n"
                     "    adreq.w r11, .Lfours_line\n"
                     "    it hi\n"
                     "    adrhi.w r11, .Lfours_fast\n"
                     "    orr r11, r11, #1\n"
                     "    strd r11, r8, [r12]\n"

                     ".Lfours_next:\n"
                     "    ldrd r1, r8, [sp, #24]\n"
                     "    ldm r8!, {r9-r12}\n"
                     "    lsl r10, r10, #4\n"
                     "    str r8, [sp, #28]\n"
                     "    strd r9, r10, [sp, #4]\n"
                     "    strd r11, r12, [sp, #12]\n"
                     "    ldm r1!, {r3-r6, pc}\n");
}

/// Where a run of `blocks` blocks enters the loop. A function's address has the bit that means
/// Thumb.
static uint32_t entry(uint32_t blocks) {
    return (uint32_t)(uintptr_t)SHUNT_MULTIPLY_FOURS + LOOP_OFFSET +
           (RUN_BLOCKS - blocks) * LOOP_BLOCK_BYTES;
}

/// Widens `blocks` blocks and adds up their inputs in `sums`, every other one in each half.
static uint32_t *widen_blocks(uint32_t *words, const int8_t *in, uint32_t blocks, uint32_t *sums) {
    uint32_t sum = *sums;
    for (const uint32_t *end = words + blocks * BLOCK_WORDS; words != end;) {
        __asm__ volatile("ldr r3, [%1], #4\n\t"
                         "ldr r5, [%1], #4\n\t"
                         "sxtab16 %2, %2, r3\n\t"
                         "sxtab16 %2, %2, r3, ror #8\n\t"
                         "sxtab16 %2, %2, r5\n\t"
                         "sxtab16 %2, %2, r5, ror #8\n\t"
                         "sxtb16 r2, r3\n\t"
                         "sxtb16 r3, r3, ror #8\n\t"
                         "sxtb16 r4, r5\n\t"
                         "sxtb16 r5, r5, ror #8\n\t"
                         "stm %0!, {r2-r5}"
                         : "+r"(words), "+r"(in), "+r"(sum)
                         :
                         : "r2", "r3", "r4", "r5", "memory");
    }
    *sums = sum;
    return words;
}

#else

void SHUNT_MULTIPLY_FOURS(const fours_t *fours) {
    const size_t four_words = (size_t)fours->blocks * BLOCK_WORDS;
    const size_t runs = (fours->blocks + fours->run_blocks - 1) / fours->run_blocks;
    const uint8_t *multipliers = fours->multipliers;
    size_t first = 0;
    for (const uint32_t *weights = fours->weights; weights != fours->weights_end;
         weights += four_words, multipliers += 2 * runs, first += 4) {
        uint32_t sums[4];
        sum_four(fours, weights, multipliers, fours->biases + first, sums);
        finish(fours, sums, fours->scales + first, fours->out + first, 4);
    }
}

static uint32_t entry(uint32_t blocks) {
    return blocks;
}

/// Widens `blocks` blocks and adds up their inputs in `sums`, every other one in each half.
static uint32_t *widen_blocks(uint32_t *words, const int8_t *in, uint32_t blocks, uint32_t *sums) {
    for (; blocks > 0; blocks--) {
        for (uint32_t i = 0; i < BLOCK_WORDS; i += 2, in += 4, words += 2) {
            const uint32_t word = load_word(in);
            *sums = sxtab16_ror8(sxtab16(*sums, word), word);
            words[0] = sxtb16(word);
            words[1] = sxtb16_ror8(word);
        }
    }
    return words;
}

#endif

/// Four inputs, or as many as there are, else 0.
static uint32_t load_some(const int8_t *in, uint32_t count) {
    uint32_t word = 0;
    for (uint32_t i = 0; i < count && i < 4; i++) {
        word |= ((uint32_t)in[i] & UINT8_MAX) << (8 * i);
    }
    return word;
}

/// Widens `count` inputs, fewer than a block has. Not part of its caller, which has better use for
/// its registers.
__attribute__((noinline)) static uint32_t *widen_rest(uint32_t *words, const int8_t *in,
                                                      uint32_t count, uint32_t *sums) {
    int8_t block[SHUNT_DSP_NIBBLE_BLOCK];
    store_word(block, load_some(in, count));
    store_word(block + 4, count > 4 ? load_some(in + 4, count - 4) : 0);
    return widen_blocks(words, block, 1, sums);
}

/// Widens a run of `length` inputs.
/// @return Behind its last block.
static uint32_t *widen_run(uint32_t *run, const int8_t *in, uint32_t length) {
    const uint32_t ones = 0x00010001;
    const uint32_t rest = length % SHUNT_DSP_NIBBLE_BLOCK;
    uint32_t blocks = length / SHUNT_DSP_NIBBLE_BLOCK;
    uint32_t sums = 0;
    uint32_t *words = widen_blocks(run + RUN_WORDS, in, blocks, &sums);
    if (rest != 0) {
        words = widen_rest(words, in + length - rest, rest, &sums);
        blocks++;
    }
    const uint32_t start = 0u - 8 * smlad(sums, ones, 0);
    run[0] = start;
    run[1] = start * 17;
    run[2] = run[3] = start * 273;
    run[ENTRY] = entry(blocks);
    return words;
}

uint32_t *SHUNT_WIDEN_FOR_FOURS(uint32_t *words, const int8_t *in, uint32_t count,
                                uint32_t run_length) {
    for (; count > run_length; count -= run_length, in += run_length) {
        words = widen_run(words, in, run_length);
    }
    return widen_run(words, in, count);
}

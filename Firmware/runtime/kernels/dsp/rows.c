// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include "requantize.h"

/// Four inputs, or as many as there are.
static uint32_t load_some(const int8_t *in, uint32_t count) {
    uint32_t word = 0;
    for (uint32_t i = 0; i < count && i < 4; i++) {
        word |= ((uint32_t)in[i] & UINT8_MAX) << (8 * i);
    }
    return word;
}

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

_Static_assert(offsetof(rows_t, scales) == 16 && offsetof(rows_t, finish) == 32,
               "the assembly loads these fields");

// Blocks that the loop is rolled out to. Of four, which divide a stretch, the loop itself is 3 % of
// the instructions; of one, 10 %. With what follows it, it stays well below a cache of 1 KB.
#ifdef __OPTIMIZE_SIZE__
#define ROLLED_BLOCKS "1"
#else
#define ROLLED_BLOCKS "4"
#endif

// Registers of the loop: r0 weights, r1 inputs, r2 r11 r12 lr weights, r7-r10 inputs, r3 and r5
// sums of the even outputs, r4 and r6 of 256 times the odd ones plus those. They are all there are.
// On the stack: rows_t up to zero_point, 28 where the rolled-out loop is entered, 32 where it goes
// on afterwards, 36 and 40 what is added to the sums of the odd outputs: read with the others,
// before the weights take the cache's place. A block is 27 instructions, of 108 bytes.
__attribute__((naked, noinline, aligned(4))) void SHUNT_MULTIPLY_ROWS(const rows_t *rows) {
    __asm__ volatile(".syntax unified\n"
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
                     ".macro rows_line acc, multiplier, addend\n"
                     "    smmla \\acc, \\acc, \\multiplier, \\addend\n"
                     ".endm\n"
                     ".macro rows_exact acc, multiplier, addend\n"
                     "    smmlar \\acc, \\acc, \\multiplier, \\acc\n"
                     "    add \\acc, \\acc, \\acc, asr #31\n"
                     "    smmlar \\acc, \\acc, \\addend, r1\n"
                     ".endm\n"
                     ".macro rows_fast acc, multiplier, addend\n"
                     "    smmla \\acc, \\acc, \\multiplier, \\acc\n"
                     "    smmlar \\acc, \\acc, \\addend, r1\n"
                     ".endm\n"
                     ".macro rows_scale form\n"
                     "    ldm r10!, {r2, r11, r12, lr}\n"
                     "    \\form r3, r2, r11\n"
                     "    \\form r4, r12, lr\n"
                     "    ldm r10!, {r2, r11, r12, lr}\n"
                     "    \\form r5, r2, r11\n"
                     "    \\form r6, r12, lr\n"
                     ".endm\n"
                     "    push {r4-r11, lr}\n"
                     "    sub sp, sp, #44\n"
                     "    ldm r0, {r1-r9}\n"
                     "    stm sp, {r1-r7}\n"
                     "    mov r0, r8\n"
                     "    adr.w r10, .Lrows_begin\n"
                     ".if " ROLLED_BLOCKS " > 1\n"
                     // What a whole number of rounds has more than there are blocks is skipped.
                     "    sub r6, r6, r1\n"
                     "    lsr r6, r6, #4\n"
                     "    add r11, r6, #" ROLLED_BLOCKS " - 1\n"
                     "    mov r12, #" ROLLED_BLOCKS "\n"
                     "    udiv r11, r11, r12\n"
                     "    mul r11, r11, r12\n"
                     "    sub r11, r11, r6\n"
                     "    mov r12, #108\n"
                     "    mla r10, r11, r12, r10\n"
                     ".endif\n"
                     "    orr r10, r10, #1\n"
                     "    adr.w r11, .Lrows_exact\n"
                     "    cmp r9, #1\n"
                     "    it eq\n"
                     "    adreq.w r11, .Lrows_line\n"
                     "    it hi\n"
                     "    adrhi.w r11, .Lrows_fast\n"
                     "    cmp r9, #3\n"
                     "    it eq\n"
                     "    adreq.w r11, .Lrows_keep\n"
                     "    orr r11, r11, #1\n"
                     "    strd r10, r11, [sp, #28]\n"
                     "    mov r7, r2\n"

                     ".Lrows_next:\n"
                     "    ldm r7, {r3-r6}\n"
                     "    strd r4, r6, [sp, #36]\n"
                     "    mov r4, r3\n"
                     "    mov r6, r5\n"
                     "    ldr pc, [sp, #28]\n"
                     ".Lrows_begin:\n"
                     ".rept " ROLLED_BLOCKS "\n"
                     "    ldm r1!, {r7-r10}\n"
                     "    rows_pair r3, r4\n"
                     "    rows_pair r5, r6\n"
                     ".endr\n"
                     ".if . - .Lrows_begin != 108 * " ROLLED_BLOCKS "\n"
                     ".error \"a block is not 108 bytes\"\n"
                     ".endif\n"
                     "    ldr r7, [sp, #20]\n"
                     "    cmp r1, r7\n"
                     "    bne .Lrows_begin\n"
                     // Pointers: r1 inputs, r7 start, r8 out, r9 end of the weights, r10 scales.
                     // Then the sums of the odd outputs.
                     "    ldm sp, {r1, r7-r10}\n"
                     "    ldrd r11, lr, [sp, #36]\n"
                     "    adds r7, #16\n"
                     "    subs r4, r4, r3\n"
                     "    subs r6, r6, r5\n"
                     "    add r4, r11, r4, asr #8\n"
                     "    add r6, lr, r6, asr #8\n"
                     "    ldr pc, [sp, #32]\n"

                     ".Lrows_keep:\n"
                     "    stm r8!, {r3-r6}\n"
                     "    b .Lrows_end\n"
                     ".Lrows_exact:\n"
                     "    ldr r1, [sp, #24]\n"
                     "    rows_scale rows_exact\n"
                     "    b .Lrows_reload\n"
                     ".Lrows_fast:\n"
                     "    ldr r1, [sp, #24]\n"
                     "    rows_scale rows_fast\n"
                     ".Lrows_reload:\n"
                     "    ldr r1, [sp]\n"
                     "    b .Lrows_store\n"
                     ".Lrows_line:\n"
                     "    rows_scale rows_line\n"
                     ".Lrows_store:\n"
                     "    ssat r3, #8, r3\n"
                     "    ssat r4, #8, r4\n"
                     "    ssat r5, #8, r5\n"
                     "    ssat r6, #8, r6\n"
                     "    strb r3, [r8], #1\n"
                     "    strb r4, [r8], #1\n"
                     "    strb r5, [r8], #1\n"
                     "    strb r6, [r8], #1\n"
                     ".Lrows_end:\n"
                     "    stm sp, {r1, r7-r10}\n"
                     "    cmp r0, r9\n"
                     "    bne .Lrows_next\n"
                     "    add sp, sp, #44\n"
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

/// Adds a block's products to a pair's sums: of the even output, and of 256 times the odd one plus
/// that.
static void add_block(uint32_t *even, uint32_t *both, const uint32_t *weights,
                      const uint32_t *inputs) {
    for (uint32_t word = 0; word < BLOCK_WORDS; word++) {
        *both = smlad(weights[word], inputs[word], *both);
        *even = smlad(sxtb16(weights[word]), inputs[word], *even);
    }
}

/// Sums of one of the two pairs of four outputs.
static void sum_pair(const rows_t *rows, const uint32_t *weights, const uint32_t *start,
                     uint32_t *sums) {
    uint32_t even = start[0], both = start[0];
    for (const uint32_t *inputs = rows->inputs; inputs != rows->inputs_end;
         inputs += BLOCK_WORDS, weights += 2 * BLOCK_WORDS) {
        add_block(&even, &both, weights, inputs);
    }
    sums[1] = start[1] + (uint32_t)((int32_t)(both - even) >> 8);
    sums[0] = even;
}

/// Requantizes sums of four outputs, `first` of them before those.
static void finish(const rows_t *rows, const uint32_t *sums, size_t first) {
    int8_t *out = rows->out;
    for (uint32_t i = 0; i < 4; i++) {
        out[first + i] = (int8_t)requantize(sums[i], rows->scales[first + i],
                                            (uint32_t)rows->zero_point, rows->finish);
    }
}

void SHUNT_MULTIPLY_ROWS(const rows_t *rows) {
    const uint32_t words = (uint32_t)(rows->inputs_end - rows->inputs);
    size_t first = 0;
    for (const uint32_t *weights = rows->weights; weights != rows->weights_end;
         weights += 2 * words, first += 4) {
        uint32_t sums[4];
        sum_pair(rows, weights, rows->start + first, sums);
        sum_pair(rows, weights + BLOCK_WORDS, rows->start + first + 2, sums + 2);
        if (rows->finish == ROWS_KEEP_SUMS) {
            memcpy((uint32_t *)rows->out + first, sums, sizeof sums);
        } else {
            finish(rows, sums, first);
        }
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

// SPDX-License-Identifier: Apache-2.0
//
// The loops exist twice, with the same contract: in assembly, where all fourteen registers hold
// something, and in C.
#include "depthwise_rows.h"

#include "intrinsics.h"

#if SHUNT_DSP_INSTRUCTIONS

// Registers
//   r0  column of the channel's plane    r4 - r9    weights; at a stride of 2, bias in r9
//   r1  output                           r10, r11   words of a column, then constants
//   r2  stride to the second output      r12, lr    sums of two outputs
//   r3  end of the plane
// In pairs of columns r2 and r3 are sums, too.
//
// Frame
//   0  stride of rows    4  stride of columns   8  bias   12  multiplier   16  offset
//  20  shift, or end of pairs   24  to the next channel's output   28  bytes of pairs
//  32  bytes of the rest   36  end of planes   40  loop

// What makes outputs of the sums in r12 and lr.
#define SCALE_LINE(slot)                                                                               \
    "ldrd   r10, r11, [sp, #12]\n\t"                                                               \
    "smmla  lr, lr, r10, r11\n\t"                                                                  \
    "smmla  r12, r12, r10, r11\n\t"

// Halves are rounded away from 0: negative numbers lose 1 before the shift. The sum's sign tells
// them as well as the product's, since what is rounded to 0 stays 0 either way.
#define SCALE_EXACT(slot)                                                                               \
    "ldrd   r10, r11, [sp, #12]\n\t"                                                               \
    "add    r11, r11, lr, asr #31\n\t"                                                             \
    "smmlar lr, lr, r10, r11\n\t"                                                                  \
    "ldr    r11, [sp, #16]\n\t"                                                                    \
    "add    r11, r11, r12, asr #31\n\t"                                                            \
    "smmlar r12, r12, r10, r11\n\t"                                                                \
    "ldr    r10, [sp, #20]\n\t"                                                                    \
    "asr    lr, lr, r10\n\t"                                                                       \
    "asr    r12, r12, r10\n\t"

// The second output is stored first: without one, r2 is 0, and the first one overwrites it.
#define STORE                                                                                      \
    "ssat   lr, #8, lr\n\t"                                                                        \
    "ssat   r12, #8, r12\n\t"                                                                      \
    "strb   lr, [r1, r2]\n\t"                                                                      \
    "strb   r12, [r1]\n\t"

// Stride 1: adds a column of taps to two outputs, one above the other, from the rows in `upper`
// and in `lower`.
#define COLUMN(first, second, upper, lower, w01, w12, start, start2)                               \
    "smlad  " first ", " upper ", " w01 ", " start "\n\t"                                          \
    "smlatb " second ", " upper ", " w01 ", " start2 "\n\t"                                        \
    "smlabt " first ", " lower ", " w12 ", " first "\n\t"                                          \
    "smlad  " second ", " lower ", " w12 ", " second "\n\t"

// Two columns of outputs at a time, with lines; then the rest.
#define PAIRS(upper, lower, rest)                                                                  \
    __asm__("2:\n\t"                                                                               \
    "ldr    r3, [sp, #8]\n\t"                                                                      \
    "ldrd   r10, r11, [r0], #16\n\t"                                                               \
    COLUMN("r12", "lr", upper, lower, "r4", "r5", "r3", "r3")                                      \
    "ldrd   r10, r11, [r0, #-8]\n\t"                                                               \
    COLUMN("r12", "lr", upper, lower, "r6", "r7", "r12", "lr")                                     \
    COLUMN("r2", "r3", upper, lower, "r4", "r5", "r3", "r3")                                       \
    "ldrd   r10, r11, [r0]\n\t"                                                                    \
    COLUMN("r12", "lr", upper, lower, "r8", "r9", "r12", "lr")                                     \
    COLUMN("r2", "r3", upper, lower, "r6", "r7", "r2", "r3")                                       \
    "ldrd   r10, r11, [r0, #8]\n\t"                                                                \
    COLUMN("r2", "r3", upper, lower, "r8", "r9", "r2", "r3")                                       \
    SCALE_LINE(0)                                                                                  \
    "smmla  r3, r3, r10, r11\n\t"                                                                  \
    "smmla  r2, r2, r10, r11\n\t"                                                                  \
    "ldrd   r10, r11, [sp]\n\t"                                                                    \
    "ssat   lr, #8, lr\n\t"                                                                        \
    "ssat   r12, #8, r12\n\t"                                                                      \
    "ssat   r3, #8, r3\n\t"                                                                        \
    "ssat   r2, #8, r2\n\t"                                                                        \
    "add    r1, r11\n\t"                                                                           \
    "strb   lr, [r1, r10]\n\t"                                                                     \
    "strb   r12, [r1]\n\t"                                                                         \
    "add    r1, r11\n\t"                                                                           \
    "strb   r3, [r1, r10]\n\t"                                                                     \
    "strb   r2, [r1]\n\t"                                                                          \
    "ldr    r10, [sp, #20]\n\t"                                                                    \
    "cmp    r0, r10\n\t"                                                                           \
    "bne    2b\n\t"                                                                                \
    "b      " rest "\n\t")

#define STRIDE_1(upper, lower, scale)                                                              \
    __asm__("ldr    r3, [sp, #32]\n\t"                                                             \
            "cbz    r3, 5f\n\t"                                                                    \
            "add    r3, r0\n\t"                                                                    \
            "ldr    r2, [sp]\n\t"                                                                  \
            "4:\n\t"                                                                               \
            "ldrd   r10, lr, [sp, #4]\n\t"                                                         \
            "add    r1, r10\n\t"                                                                   \
            "ldrd   r10, r11, [r0], #8\n\t"                                                        \
            COLUMN("r12", "lr", upper, lower, "r4", "r5", "lr", "lr")                              \
            "ldrd   r10, r11, [r0]\n\t"                                                            \
            COLUMN("r12", "lr", upper, lower, "r6", "r7", "r12", "lr")                             \
            "ldrd   r10, r11, [r0, #8]\n\t"                                                        \
            COLUMN("r12", "lr", upper, lower, "r8", "r9", "r12", "lr")                             \
            scale STORE                                                                            \
            "cmp    r0, r3\n\t"                                                                    \
            "bne    4b\n\t"                                                                        \
            "5:\n\t"                                                                               \
            "add    r0, #16\n\t"                                                                   \
            "b      shunt_depthwise_next\n\t")

#define THEN_LINE_1(slot) "line_1_" #slot

// Stride 2: adds a column of taps to one output.
#define OUTPUT(sum, upper, lower, w01, row2, w2, start)                                            \
    "smlad  " sum ", " upper ", " w01 ", " start "\n\t"                                            \
    row2 "  " sum ", " lower ", " w2 ", " sum "\n\t"

// Two outputs at a time, side by side. One that is left over goes through the loop alone.
#define STRIDE_2(upper, lower, scale)                                                              \
    __asm__("ldr    r2, [sp, #4]\n\t"                                                              \
            "ldr    r3, [sp, #28]\n\t"                                                             \
            "add    r3, r0\n\t"                                                                    \
            "b      3f\n\t"                                                                        \
            "2:\n\t"                                                                               \
            "ldrd   r10, r11, [r0], #32\n\t"                                                       \
            OUTPUT("r12", upper, lower, "r4", "smlabb", "r7", "r9")                                \
            "ldrd   r10, r11, [r0, #-24]\n\t"                                                      \
            OUTPUT("r12", upper, lower, "r5", "smlabt", "r7", "r12")                               \
            "ldrd   r10, r11, [r0, #-16]\n\t"                                                      \
            OUTPUT("r12", upper, lower, "r6", "smlabb", "r8", "r12")                               \
            OUTPUT("lr", upper, lower, "r4", "smlabb", "r7", "r9")                                 \
            "ldrd   r10, r11, [r0, #-8]\n\t"                                                       \
            OUTPUT("lr", upper, lower, "r5", "smlabt", "r7", "lr")                                 \
            "ldrd   r10, r11, [r0]\n\t"                                                            \
            OUTPUT("lr", upper, lower, "r6", "smlabb", "r8", "lr")                                 \
            scale STORE                                                                            \
            "add    r1, r1, r2, lsl #1\n\t"                                                        \
            "3:\n\t"                                                                               \
            "cmp    r0, r3\n\t"                                                                    \
            "bne    2b\n\t"                                                                        \
            "cbz    r2, 4f\n\t"                                                                    \
            "ldr    r3, [sp, #32]\n\t"                                                             \
            "cbz    r3, 4f\n\t"                                                                    \
            "add    r3, r0\n\t"                                                                    \
            "movs   r2, #0\n\t"                                                                    \
            "b      2b\n\t"                                                                        \
            "4:\n\t"                                                                               \
            "add    r0, #8\n\t"                                                                    \
            "b      shunt_depthwise_next\n\t")

#define PARAMETERS                                                                                 \
    const depthwise_rows_t *rows __attribute__((unused)),                                          \
        const depthwise_channel_t *channel __attribute__((unused)),                                \
        int8_t *out __attribute__((unused))

// The slot with the upper rows decides which of a column's words, r10 and r11, they are in.
#define LOOP(name, loop, third)                                                                    \
    __attribute__((naked)) static void name##_0(PARAMETERS) {                                      \
        loop("r10", "r11", third(0));                                                              \
    }                                                                                              \
    __attribute__((naked)) static void name##_1(PARAMETERS) {                                      \
        loop("r11", "r10", third(1));                                                              \
    }

LOOP(exact_1, STRIDE_1, SCALE_EXACT)
LOOP(exact_2, STRIDE_2, SCALE_EXACT)
LOOP(line_1, STRIDE_1, SCALE_LINE)
LOOP(line_2, STRIDE_2, SCALE_LINE)
LOOP(line_pairs, PAIRS, THEN_LINE_1)

__attribute__((naked)) void SHUNT_DEPTHWISE_COMPUTE(
    const depthwise_rows_t *rows __attribute__((unused))) {
    __asm__("push   {r4-r11, lr}\n\t"
            "ldm    r0, {r1-r11}\n\t"
            "push   {r1-r11}\n\t"
            "add    r0, #44\n\t"
            "ldm    r0, {r0, r1, r2}\n\t" // planes, out, lead
            "sub    r1, r2\n\t"
            "1:\n\t"
            "ldm    r0!, {r4-r12, lr}\n\t"
            "add    r3, sp, #8\n\t"
            "stm    r3, {r10-r12, lr}\n\t"
            "ldr    pc, [sp, #40]\n"
            "shunt_depthwise_next:\n\t"
            "ldr    r10, [sp, #24]\n\t"
            "ldr    r11, [sp, #36]\n\t"
            "add    r1, r10\n\t"
            "cmp    r0, r11\n\t"
            "bne    1b\n\t"
            "add    sp, #44\n\t"
            "pop    {r4-r11, pc}");
}

__attribute__((naked)) static void spread_2(const depthwise_source_t *from __attribute__((unused)),
                                            uint32_t *to __attribute__((unused))) {
    __asm__("push   {r4-r8, lr}\n\t"
            "ldm    r0, {r2-r7}\n\t" // rows, column_stride, columns, plane_bytes
            "1:\n\t"
            "ldrh   r8, [r2]\n\t"
            "ldrh   r12, [r3]\n\t"
            "add    r2, r4\n\t"
            "add    r3, r5\n\t"
            "orr    r8, r8, r12, lsl #16\n\t"
            "sxtb16 r12, r8, ror #8\n\t"
            "sxtb16 r8, r8\n\t"
            "str    r12, [r1, r7]\n\t"
            "str    r8, [r1], #8\n\t"
            "subs   r6, #1\n\t"
            "bne    1b\n\t"
            "pop    {r4-r8, pc}");
}

// Four channels of a column, whose elements in both rows are in `upper` and `lower`. The latter and
// `other` get lost.
#define SPREAD(upper, lower, other)                                                                \
    "pkhbt  " other ", " upper ", " lower ", lsl #16\n\t" /* channels 0 and 1 of both rows */      \
    "pkhtb  " lower ", " lower ", " upper ", asr #16\n\t" /* channels 2 and 3 */                   \
    "sxtb16 lr, " other ", ror #8\n\t"                                                             \
    "str    lr, [r1, r7]\n\t"                                                                      \
    "sxtb16 lr, " lower "\n\t"                                                                     \
    "str    lr, [r1, r7, lsl #1]\n\t"                                                              \
    "sxtb16 lr, " lower ", ror #8\n\t"                                                             \
    "str    lr, [r1, r0]\n\t"                                                                      \
    "sxtb16 lr, " other "\n\t"                                                                     \
    "str    lr, [r1], #8\n\t"

__attribute__((naked)) static void spread_4(const depthwise_source_t *from __attribute__((unused)),
                                            uint32_t *to __attribute__((unused))) {
    __asm__("push   {r4-r11, lr}\n\t"
            "ldm    r0, {r2-r7}\n\t" // rows, column_stride, columns, plane_bytes
            "add    r0, r7, r7, lsl #1\n\t"
            "subs   r6, #2\n\t"
            "blo    2f\n\t"
            "1:\n\t"
            "ldr    r8, [r2]\n\t"
            "ldr    r9, [r3]\n\t"
            "add    r2, r4\n\t"
            "add    r3, r5\n\t"
            "ldr    r10, [r2]\n\t"
            "ldr    r11, [r3]\n\t"
            "add    r2, r4\n\t"
            "add    r3, r5\n\t"
            SPREAD("r8", "r9", "r12")
            SPREAD("r10", "r11", "r12")
            "subs   r6, #2\n\t"
            "bhs    1b\n\t"
            "2:\n\t"
            "adds   r6, #1\n\t"
            "bne    3f\n\t"
            "ldr    r8, [r2]\n\t"
            "ldr    r9, [r3]\n\t"
            SPREAD("r8", "r9", "r12")
            "3:\n\t"
            "pop    {r4-r11, pc}");
}

#else

/// The output of a sum.
static int8_t scale(const depthwise_channel_t *channel, uint32_t sum, uint32_t form) {
    if (form == SHUNT_REQUANTIZE_LINE) {
        return (int8_t)(int32_t)ssat8(smmla(sum, channel->multiplier, channel->offset));
    }
    // Halves are rounded away from 0: negative numbers lose 1 before the shift. The sum's sign tells
    // them as well as the product's, since what is rounded to 0 stays 0 either way.
    const uint32_t minus_if_negative = (uint32_t)((int32_t)sum >> 31);
    const uint32_t value =
        smmlar(sum, channel->multiplier, channel->offset + minus_if_negative);
    return (int8_t)(int32_t)ssat8((uint32_t)((int32_t)value >> channel->shift));
}

/// One row, or two, of one channel at a stride of 1; the upper rows are in slot `slot`.
static void compute_1(const depthwise_rows_t *rows, const depthwise_channel_t *channel,
                      int8_t *out, uint32_t form, uint32_t slot) {
    const uint32_t *words = (const uint32_t *)(channel + 1);
    for (uint32_t i = 0; i < rows->columns; i++, words += 2, out += rows->column_stride) {
        uint32_t first = channel->bias, second = channel->bias;
        for (uint32_t column = 0; column < 3; column++) {
            const uint32_t upper = words[2 * column + slot], lower = words[2 * column + 1 - slot];
            const uint32_t *weights = channel->weights + 2 * column;
            first = smlad(upper, weights[0], first);
            second = smlatb(upper, weights[0], second);
            first = smlabt(lower, weights[1], first);
            second = smlad(lower, weights[1], second);
        }
        out[rows->row_stride] = scale(channel, second, form);
        out[0] = scale(channel, first, form);
    }
}

/// One row of one channel at a stride of 2.
static void compute_2(const depthwise_rows_t *rows, const depthwise_channel_t *channel,
                      int8_t *out, uint32_t form, uint32_t slot) {
    const uint32_t *weights = channel->weights;
    const uint32_t *words = (const uint32_t *)(channel + 1);
    for (uint32_t i = 0; i < rows->columns; i++, words += 4, out += rows->column_stride) {
        uint32_t sum = weights[5];
        sum = smlad(words[slot], weights[0], sum);
        sum = smlabb(words[1 - slot], weights[3], sum);
        sum = smlad(words[2 + slot], weights[1], sum);
        sum = smlabt(words[3 - slot], weights[3], sum);
        sum = smlad(words[4 + slot], weights[2], sum);
        sum = smlabb(words[5 - slot], weights[4], sum);
        *out = scale(channel, sum, form);
    }
}

#define LOOP(name, stride, form)                                                                   \
    static void name##_0(const depthwise_rows_t *rows, const depthwise_channel_t *channel,         \
                         int8_t *out) {                                                            \
        stride(rows, channel, out, form, 0);                                                       \
    }                                                                                              \
    static void name##_1(const depthwise_rows_t *rows, const depthwise_channel_t *channel,         \
                         int8_t *out) {                                                            \
        stride(rows, channel, out, form, 1);                                                       \
    }

LOOP(exact_1, compute_1, SHUNT_REQUANTIZE_EXACT)
LOOP(exact_2, compute_2, SHUNT_REQUANTIZE_EXACT)
LOOP(line_1, compute_1, SHUNT_REQUANTIZE_LINE)
LOOP(line_2, compute_2, SHUNT_REQUANTIZE_LINE)
LOOP(line_pairs, compute_1, SHUNT_REQUANTIZE_LINE)

void SHUNT_DEPTHWISE_COMPUTE(const depthwise_rows_t *rows) {
    int8_t *out = rows->out;
    for (const depthwise_channel_t *channel = rows->planes; channel != rows->planes_end; out++) {
        rows->loop(rows, channel, out);
        channel = (const depthwise_channel_t *)((const uint8_t *)channel + rows->plane_bytes);
    }
}

static void spread(const depthwise_source_t *from, uint32_t *to, uint32_t channels) {
    for (uint32_t i = 0; i < from->columns; i++) {
        const int8_t *upper = from->rows[0] + i * from->column_stride[0];
        const int8_t *lower = from->rows[1] + i * from->column_stride[1];
        for (uint32_t channel = 0; channel < channels; channel++) {
            to[2 * i + channel * (from->plane_bytes / sizeof *to)] =
                join_halves(upper[channel], lower[channel]);
        }
    }
}

static void spread_2(const depthwise_source_t *from, uint32_t *to) {
    spread(from, to, 2);
}

static void spread_4(const depthwise_source_t *from, uint32_t *to) {
    spread(from, to, 4);
}

#endif

const depthwise_loop_t SHUNT_DEPTHWISE_LOOPS[5][2] = {
    [DEPTHWISE_EXACT_1] = {exact_1_0, exact_1_1},
    [DEPTHWISE_EXACT_2] = {exact_2_0, exact_2_1},
    [DEPTHWISE_LINE_1] = {line_1_0, line_1_1},
    [DEPTHWISE_LINE_2] = {line_2_0, line_2_1},
    [DEPTHWISE_LINE_PAIRS] = {line_pairs_0, line_pairs_1},
};

const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2] = {spread_2, spread_4};

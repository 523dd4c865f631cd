// SPDX-License-Identifier: Apache-2.0
//
// The loops exist twice, with the same contract: in assembly, where all fourteen registers hold
// something, and in C.
#include "depthwise_rows.h"

#include "intrinsics.h"

#if SHUNT_DSP_INSTRUCTIONS

// Registers
//   r0  column of the channel's plane    r4 - r9    weights (and bias, at a stride of 2)
//   r1  output                           r10, r11   words of a column, then constants
//   r2  stride to the second output      r12, lr    sums of the two outputs
//   r3  end of the plane
// Stack
//   0  stride of columns    4  bias; at a stride of 2: outputs left over from pairs
//   8  multiplier  12  offset  16  shift
//  20  channels    24  end of channels   28  bytes of plane that full rounds take
//  32  from the end of one channel's outputs to the next one's first

#define FRAME "36"

#define ENTER                                                                                      \
    "push   {r4-r11, lr}\n\t"                                                                      \
    "sub    sp, #" FRAME "\n\t"                                                                    \
    "ldrd   r4, r5, [r0, #0]\n\t"  /* channels, channels_end */                                    \
    "ldrd   r6, r7, [r0, #8]\n\t"  /* planes, out */                                               \
    "ldrd   r2, r8, [r0, #16]\n\t" /* row_stride, column_stride */                                 \
    "ldr    r9, [r0, #24]\n\t"     /* columns */                                                   \
    "strd   r4, r5, [sp, #20]\n\t"                                                                 \
    "str    r8, [sp]\n\t"                                                                          \
    "mov    r0, r6\n\t"

// On to the next channel, whose plane begins `rest` bytes behind the words that were passed.
#define LEAVE(rest)                                                                                \
    "ldr    r10, [sp, #32]\n\t"                                                                    \
    "add    r0, #" rest "\n\t"                                                                     \
    "add    r1, r10\n\t"                                                                           \
    "ldrd   r10, r11, [sp, #20]\n\t"                                                               \
    "cmp    r10, r11\n\t"                                                                          \
    "bne    1b\n\t"                                                                                \
    "add    sp, #" FRAME "\n\t"                                                                    \
    "pop    {r4-r11, pc}"

// What makes outputs of the sums in r12 and lr.
#define SCALE_LINE                                                                                 \
    "ldrd   r10, r11, [sp, #8]\n\t"                                                                \
    "smmla  lr, lr, r10, r11\n\t"                                                                  \
    "smmla  r12, r12, r10, r11\n\t"

#define SHIFT                                                                                      \
    "ldr    r10, [sp, #16]\n\t"                                                                    \
    "asr    lr, lr, r10\n\t"                                                                       \
    "asr    r12, r12, r10\n\t"

#define SCALE_FAST SCALE_LINE SHIFT

// Halves are rounded away from 0: negative numbers lose 1 before the shift. The sum's sign tells
// them as well as the product's, since what is rounded to 0 stays 0 either way.
#define SCALE_EXACT                                                                                \
    "ldrd   r10, r11, [sp, #8]\n\t"                                                                \
    "add    r11, r11, lr, asr #31\n\t"                                                             \
    "smmlar lr, lr, r10, r11\n\t"                                                                  \
    "ldr    r11, [sp, #12]\n\t"                                                                    \
    "add    r11, r11, r12, asr #31\n\t"                                                            \
    "smmlar r12, r12, r10, r11\n\t" SHIFT

// The second output is stored first: without one, r2 is 0, and the first one overwrites it.
#define STORE                                                                                      \
    "ssat   lr, #8, lr\n\t"                                                                        \
    "ssat   r12, #8, r12\n\t"                                                                      \
    "strb   lr, [r1, r2]\n\t"                                                                      \
    "strb   r12, [r1]\n\t"

// Stride 1: two outputs, one above the other, from the rows in `upper` and in `lower`.
#define COLUMN(load, upper, lower, w01, w12, start)                                                \
    load                                                                                           \
    "smlad  r12, " upper ", " w01 ", " start "\n\t"                                                \
    "smlatb lr, " upper ", " w01 ", lr\n\t"                                                        \
    "smlabt r12, " lower ", " w12 ", r12\n\t"                                                      \
    "smlad  lr, " lower ", " w12 ", lr\n\t"

#define STRIDE_1(upper, lower, scale)                                                              \
    __asm__(ENTER                                                                                  \
            "lsl    r10, r9, #3\n\t"                                                               \
            "mul    r11, r9, r8\n\t"                                                               \
            "rsb    r11, r11, #1\n\t"                                                              \
            "strd   r10, r11, [sp, #28]\n\t"                                                       \
            "sub    r1, r7, r8\n\t"                                                                \
            "1:\n\t"                                                                               \
            "ldr    r3, [sp, #20]\n\t"                                                             \
            "ldm    r3!, {r4-r12, lr}\n\t"                                                         \
            "str    r3, [sp, #20]\n\t"                                                             \
            "add    r3, sp, #4\n\t"                                                                \
            "stm    r3, {r10-r12, lr}\n\t"                                                         \
            "ldr    r3, [sp, #28]\n\t"                                                             \
            "add    r3, r0\n\t"                                                                    \
            "2:\n\t"                                                                               \
            "ldrd   r10, lr, [sp]\n\t"                                                             \
            "add    r1, r10\n\t"                                                                   \
            COLUMN("ldrd r10, r11, [r0], #8\n\t", upper, lower, "r4", "r5", "lr")                  \
            COLUMN("ldrd r10, r11, [r0]\n\t", upper, lower, "r6", "r7", "r12")                     \
            COLUMN("ldrd r10, r11, [r0, #8]\n\t", upper, lower, "r8", "r9", "r12")                 \
            scale STORE                                                                            \
            "cmp    r0, r3\n\t"                                                                    \
            "bne    2b\n\t"                                                                        \
            LEAVE("16"))

// Stride 2: two outputs side by side.
#define OUTPUT(sum, upper, lower, w01, row2, w2, start)                                            \
    "smlad  " sum ", " upper ", " w01 ", " start "\n\t"                                            \
    row2 "  " sum ", " lower ", " w2 ", " sum "\n\t"

#define STRIDE_2(upper, lower, scale)                                                              \
    __asm__(ENTER                                                                                  \
            "and    r12, r9, #1\n\t"                                                               \
            "str    r12, [sp, #4]\n\t"                                                             \
            "lsr    r10, r9, #1\n\t"                                                               \
            "lsl    r2, r8, #1\n\t"                                                                \
            "mul    r11, r10, r2\n\t"                                                              \
            "rsb    r11, r11, #1\n\t"                                                              \
            "lsl    r10, r10, #5\n\t"                                                              \
            "strd   r10, r11, [sp, #28]\n\t"                                                       \
            "mov    r1, r7\n\t"                                                                    \
            "mov    r2, r8\n\t"                                                                    \
            "1:\n\t"                                                                               \
            "ldr    r3, [sp, #20]\n\t"                                                             \
            "ldm    r3!, {r4-r12, lr}\n\t"                                                         \
            "str    r3, [sp, #20]\n\t"                                                             \
            "add    r3, sp, #8\n\t"                                                                \
            "stm    r3, {r11, r12, lr}\n\t"                                                        \
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
            /* One output left over goes through the loop alone, once. */                          \
            "cbz    r2, 4f\n\t"                                                                    \
            "ldr    r10, [sp, #4]\n\t"                                                             \
            "cmp    r10, #0\n\t"                                                                   \
            "beq    5f\n\t"                                                                        \
            "movs   r2, #0\n\t"                                                                    \
            "add    r3, r0, #32\n\t"                                                               \
            "b      2b\n\t"                                                                        \
            "4:\n\t"                                                                               \
            "ldr    r2, [sp]\n\t"                                                                  \
            "5:\n\t"                                                                               \
            LEAVE("8"))

// The slot with the upper rows decides which of a column's words, r10 and r11, they are in.
#define COMPUTE(name, stride, scale)                                                               \
    __attribute__((naked)) static void name##_0(const depthwise_rows_t *rows __attribute__((unused))) { \
        stride("r10", "r11", scale);                                                               \
    }                                                                                              \
    __attribute__((naked)) static void name##_1(const depthwise_rows_t *rows __attribute__((unused))) { \
        stride("r11", "r10", scale);                                                               \
    }

COMPUTE(exact_1, STRIDE_1, SCALE_EXACT)
COMPUTE(exact_2, STRIDE_2, SCALE_EXACT)
COMPUTE(line_1, STRIDE_1, SCALE_LINE)
COMPUTE(line_2, STRIDE_2, SCALE_LINE)
COMPUTE(fast_1, STRIDE_1, SCALE_FAST)
COMPUTE(fast_2, STRIDE_2, SCALE_FAST)

__attribute__((naked)) static void spread_2(const depthwise_source_t *from __attribute__((unused)),
                                            uint32_t *to __attribute__((unused))) {
    __asm__("push   {r4-r8, lr}\n\t"
            "ldrd   r2, r3, [r0]\n\t"
            "ldrd   r4, r5, [r0, #8]\n\t"
            "ldrd   r6, r7, [r0, #16]\n\t" // columns, plane_bytes
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

__attribute__((naked)) static void spread_4(const depthwise_source_t *from __attribute__((unused)),
                                            uint32_t *to __attribute__((unused))) {
    __asm__("push   {r4-r11, lr}\n\t"
            "ldrd   r2, r3, [r0]\n\t"
            "ldrd   r4, r5, [r0, #8]\n\t"
            "ldrd   r6, r7, [r0, #16]\n\t" // columns, plane_bytes
            "add    r8, r7, r7, lsl #1\n\t"
            "1:\n\t"
            "ldr    r9, [r2]\n\t"
            "ldr    r10, [r3]\n\t"
            "add    r2, r4\n\t"
            "add    r3, r5\n\t"
            "pkhbt  r11, r9, r10, lsl #16\n\t" // channels 0 and 1 of both rows
            "pkhtb  r12, r10, r9, asr #16\n\t" // channels 2 and 3
            "sxtb16 r9, r11, ror #8\n\t"
            "sxtb16 r11, r11\n\t"
            "sxtb16 r10, r12, ror #8\n\t"
            "sxtb16 r12, r12\n\t"
            "str    r9, [r1, r7]\n\t"
            "str    r12, [r1, r7, lsl #1]\n\t"
            "str    r10, [r1, r8]\n\t"
            "str    r11, [r1], #8\n\t"
            "subs   r6, #1\n\t"
            "bne    1b\n\t"
            "pop    {r4-r11, pc}");
}

#else

/// The output of a sum.
static int8_t scale(const depthwise_channel_t *channel, uint32_t sum, uint32_t form) {
    const uint32_t minus_if_negative = (uint32_t)((int32_t)sum >> 31);
    uint32_t value;
    if (form == SHUNT_REQUANTIZE_EXACT) {
        // Halves are rounded away from 0: negative numbers lose 1 before the shift. The sum's sign
        // tells them as well as the product's, since what is rounded to 0 stays 0 either way.
        value = smmlar(sum, channel->multiplier, channel->offset + minus_if_negative);
    } else {
        value = smmla(sum, channel->multiplier, channel->offset);
    }
    if (form != SHUNT_REQUANTIZE_LINE) {
        value = (uint32_t)((int32_t)value >> channel->shift);
    }
    return (int8_t)(int32_t)ssat8(value);
}

/// One row, or two, of one channel at a stride of 1; the upper rows are in slot `slot`.
static void compute_1(const depthwise_rows_t *rows, const depthwise_channel_t *channel,
                      const uint32_t *plane, int8_t *out, uint32_t form, uint32_t slot) {
    for (uint32_t i = 0; i < rows->columns; i++, plane += 2, out += rows->column_stride) {
        uint32_t first = channel->bias, second = channel->bias;
        for (uint32_t column = 0; column < 3; column++) {
            const uint32_t upper = plane[2 * column + slot], lower = plane[2 * column + 1 - slot];
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
                      const uint32_t *plane, int8_t *out, uint32_t form, uint32_t slot) {
    const uint32_t *weights = channel->weights;
    for (uint32_t i = 0; i < rows->columns; i++, plane += 4, out += rows->column_stride) {
        uint32_t sum = weights[5];
        sum = smlad(plane[slot], weights[0], sum);
        sum = smlabb(plane[1 - slot], weights[3], sum);
        sum = smlad(plane[2 + slot], weights[1], sum);
        sum = smlabt(plane[3 - slot], weights[3], sum);
        sum = smlad(plane[4 + slot], weights[2], sum);
        sum = smlabb(plane[5 - slot], weights[4], sum);
        *out = scale(channel, sum, form);
    }
}

static void compute(const depthwise_rows_t *rows, uint32_t form, uint32_t stride, uint32_t slot) {
    const uint32_t *plane = rows->planes;
    int8_t *out = rows->out;
    for (const depthwise_channel_t *channel = rows->channels; channel != rows->channels_end;
         channel++) {
        (stride == 1 ? compute_1 : compute_2)(rows, channel, plane, out, form, slot);
        plane += rows->plane_bytes / sizeof *plane;
        out++;
    }
}

#define COMPUTE(name, form, stride)                                                                \
    static void name##_0(const depthwise_rows_t *rows) {                                           \
        compute(rows, form, stride, 0);                                                            \
    }                                                                                              \
    static void name##_1(const depthwise_rows_t *rows) {                                           \
        compute(rows, form, stride, 1);                                                            \
    }

COMPUTE(exact_1, SHUNT_REQUANTIZE_EXACT, 1)
COMPUTE(exact_2, SHUNT_REQUANTIZE_EXACT, 2)
COMPUTE(line_1, SHUNT_REQUANTIZE_LINE, 1)
COMPUTE(line_2, SHUNT_REQUANTIZE_LINE, 2)
COMPUTE(fast_1, SHUNT_REQUANTIZE_FAST, 1)
COMPUTE(fast_2, SHUNT_REQUANTIZE_FAST, 2)

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

const depthwise_compute_t SHUNT_DEPTHWISE_COMPUTE[3][2][2] = {
    [SHUNT_REQUANTIZE_EXACT] = {{exact_1_0, exact_1_1}, {exact_2_0, exact_2_1}},
    [SHUNT_REQUANTIZE_LINE] = {{line_1_0, line_1_1}, {line_2_0, line_2_1}},
    [SHUNT_REQUANTIZE_FAST] = {{fast_1_0, fast_1_1}, {fast_2_0, fast_2_1}},
};

const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2] = {spread_2, spread_4};

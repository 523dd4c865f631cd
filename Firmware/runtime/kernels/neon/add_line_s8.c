// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "shunt_kernel_checks.h"

/// Byte i goes to the top of lane i, for four lanes each; an index behind the last byte gives 0.
static const uint8_t to_top[4][16] = {
    {255, 255, 255, 0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 3},
    {255, 255, 255, 4, 255, 255, 255, 5, 255, 255, 255, 6, 255, 255, 255, 7},
    {255, 255, 255, 8, 255, 255, 255, 9, 255, 255, 255, 10, 255, 255, 255, 11},
    {255, 255, 255, 12, 255, 255, 255, 13, 255, 255, 255, 14, 255, 255, 255, 15},
};

/// The line, for registers.
typedef struct line {
    uint8x16_t to_top[4];
    int32x4_t half_slope[2]; ///< A doubling multiplication makes whole ones of them.
    int32x4_t offset;
    bool clamps; ///< min ... max is narrower than int8.
    int8x16_t min, max;
} line_t;

// A slope times 2^24 times an element, of which the upper half is slope * element >> 8.
INLINE int32x4_t term(const line_t *line, int input, int8x16_t elements, int quad) {
    const int8x16_t at_top = vqtbl1q_s8(elements, line->to_top[quad]);
    return vqdmulhq_s32(vreinterpretq_s32_s8(at_top), line->half_slope[input]);
}

/// The upper halves of four sums.
INLINE int16x4_t sum_quad(const line_t *line, int8x16_t a, int8x16_t b, int quad) {
    return vaddhn_s32(vaddq_s32(term(line, 0, a, quad), line->offset), term(line, 1, b, quad));
}

/// The outputs of sixteen pairs of elements.
INLINE int8x16_t add_sixteen(const line_t *line, int8x16_t a, int8x16_t b) {
    const int16x8_t low = vaddhn_high_s32(
        sum_quad(line, a, b, 0), vaddq_s32(term(line, 0, a, 1), line->offset), term(line, 1, b, 1));
    const int16x8_t high = vaddhn_high_s32(
        sum_quad(line, a, b, 2), vaddq_s32(term(line, 0, a, 3), line->offset), term(line, 1, b, 3));
    const int8x16_t out = vqshrn_high_n_s16(vqshrn_n_s16(low, SHUNT_ADD_LINE_SHIFT - 16), high,
                                            SHUNT_ADD_LINE_SHIFT - 16);
    return line->clamps ? vminq_s8(vmaxq_s8(out, line->min), line->max) : out;
}

/// Adds sixteen pairs at a time and returns the number of pairs that are done.
INLINE size_t add_sixteens(const line_t *line, const int8_t *a, const int8_t *b, int8_t *out,
                           size_t count) {
    size_t i = 0;
#pragma GCC unroll 4
    for (; i + 16 <= count; i += 16) {
        vst1q_s8(out + i, add_sixteen(line, vld1q_s8(a + i), vld1q_s8(b + i)));
    }
    return i;
}

static shunt_status_t check(const shunt_call_t *call) {
    return shunt_check_dense_add_line(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    line_t line = {
        .to_top = {vld1q_u8(to_top[0]), vld1q_u8(to_top[1]), vld1q_u8(to_top[2]),
                   vld1q_u8(to_top[3])},
        .half_slope = {vdupq_n_s32(p->multiplier[0] / 2), vdupq_n_s32(p->multiplier[1] / 2)},
        .offset = vdupq_n_s32(p->offset),
        .clamps = p->clamp_min != INT8_MIN || p->clamp_max != INT8_MAX,
        .min = vdupq_n_s8((int8_t)p->clamp_min),
        .max = vdupq_n_s8((int8_t)p->clamp_max),
    };
    const int8_t *a = shunt_operand_in(call, 0);
    const int8_t *b = shunt_operand_in(call, 1);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t count = shunt_operand(call, 2)->bytes;
    size_t i;
    if (line.clamps) {
        line.clamps = true;
        i = add_sixteens(&line, a, b, out, count);
    } else {
        i = add_sixteens(&line, a, b, out, count);
    }
    int8_t rest[2][16] = {{0}};
    const size_t left = count - i;
    for (size_t k = 0; k < left; k++) {
        rest[0][k] = a[i + k];
        rest[1][k] = b[i + k];
    }
    vst1q_s8(rest[0], add_sixteen(&line, vld1q_s8(rest[0]), vld1q_s8(rest[1])));
    for (size_t k = 0; k < left; k++) {
        out[i + k] = rest[0][k];
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_line_s8) = {
    .id = SHUNT_KERNEL_ADD_LINE_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "add_line_s8",
    .check = check,
    .run = run,
};

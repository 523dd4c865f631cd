// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "shunt_kernel_checks.h"

/// What stays in registers: outputs could overwrite parameters, for all that compilers know.
typedef struct line {
    int32_t half_a, half_b; ///< Of the multipliers.
    int32_t offset;
} line_t;

/// Four outputs in the top bytes of their lanes; elements of `a` and `b` are there too, above
/// zeros. The packer has seen to it that no sum saturates.
static inline int32x4_t add_four(const line_t *line, int32x4_t a, int32x4_t b) {
    // Half a multiplier, doubled, times 2^24 elements, over 2^32.
    int32x4_t sum = vqdmlahq_n_s32(vdupq_n_s32(line->offset), a, line->half_a);
    sum = vqdmlahq_n_s32(sum, b, line->half_b);
    // Saturates to 8 bits in front of the point.
    return vqshlq_n_s32(sum, 31 - 7 - SHUNT_ADD_LINE_SHIFT);
}

/// The outputs of 16 pairs of elements.
static inline int8x16_t add_block(const line_t *line, int8x16_t a, int8x16_t b) {
    const int32x4_t wide_a = vreinterpretq_s32_s8(a), wide_b = vreinterpretq_s32_s8(b);
    const int32x4_t top = vdupq_n_s32((int32_t)0xFF000000u);
    const int32x4_t sum0 = add_four(line, vshlq_n_s32(wide_a, 24), vshlq_n_s32(wide_b, 24));
    const int32x4_t sum1 = add_four(line, vandq_s32(vshlq_n_s32(wide_a, 16), top),
                                    vandq_s32(vshlq_n_s32(wide_b, 16), top));
    // The top byte of each, the last one highest.
    const int32x4_t low = vsriq_n_s32(sum1, sum0, 8);
    const int32x4_t sum2 = add_four(line, vandq_s32(vshlq_n_s32(wide_a, 8), top),
                                    vandq_s32(vshlq_n_s32(wide_b, 8), top));
    const int32x4_t sum3 = add_four(line, vandq_s32(wide_a, top), vandq_s32(wide_b, top));
    return vreinterpretq_s8_s32(vsriq_n_s32(sum3, vsriq_n_s32(sum2, low, 8), 8));
}

static void clamp_elements(int8_t *elements, int32_t count, int32_t min, int32_t max) {
    const int8x16_t low = vdupq_n_s8((int8_t)min), high = vdupq_n_s8((int8_t)max);
    for (; count > 0; count -= 16, elements += 16) {
        const mve_pred16_t active = vctp8q((uint32_t)count);
        const int8x16_t block = vld1q_z_s8(elements, active);
        vst1q_p_s8(elements, vminq_s8(vmaxq_s8(block, low), high), active);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return shunt_check_dense_add_line(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    const line_t line = {p->multiplier[0] / 2, p->multiplier[1] / 2, p->offset};
    const int8_t *a = shunt_operand_in(call, 0);
    const int8_t *b = shunt_operand_in(call, 1);
    int8_t *out = shunt_operand_out(call, 0);
    const int32_t count = (int32_t)shunt_operand(call, 2)->bytes;
    for (int32_t blocks = count / 16; blocks > 0; blocks--, a += 16, b += 16, out += 16) {
        vst1q_s8(out, add_block(&line, vld1q_s8(a), vld1q_s8(b)));
    }
    if (count % 16 != 0) {
        const mve_pred16_t active = vctp8q((uint32_t)count % 16);
        vst1q_p_s8(out, add_block(&line, vld1q_z_s8(a, active), vld1q_z_s8(b, active)), active);
    }
    if (p->clamp_min > INT8_MIN || p->clamp_max < INT8_MAX) {
        clamp_elements(shunt_operand_out(call, 0), count, p->clamp_min, p->clamp_max);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_line_s8) = {
    .id = SHUNT_KERNEL_ADD_LINE_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "add_line_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "shunt_kernel_checks.h"

/// Four sums; elements of `a` and `b` are in the top bytes of their lanes, above zeros.
static inline int32x4_t add_four(const shunt_add_line_params_t *p, int32x4_t a, int32x4_t b) {
    // Half a multiplier, doubled, times 2^24 elements, over 2^32.
    const int32x4_t sum =
        vaddq_s32(vqdmulhq_n_s32(a, p->multiplier[0] / 2), vqdmulhq_n_s32(b, p->multiplier[1] / 2));
    // Saturates to 8 bits in front of the point.
    return vqshlq_n_s32(vaddq_n_s32(sum, p->offset), 31 - 7 - SHUNT_ADD_LINE_SHIFT);
}

/// The outputs of 16 pairs of elements.
static inline int8x16_t add_block(const shunt_add_line_params_t *p, int8x16_t a, int8x16_t b) {
    const int32x4_t wide_a = vreinterpretq_s32_s8(a), wide_b = vreinterpretq_s32_s8(b);
    const int32x4_t top = vdupq_n_s32((int32_t)0xFF000000u);
    const int32x4_t sum0 = add_four(p, vshlq_n_s32(wide_a, 24), vshlq_n_s32(wide_b, 24));
    const int32x4_t sum1 = add_four(p, vandq_s32(vshlq_n_s32(wide_a, 16), top),
                                    vandq_s32(vshlq_n_s32(wide_b, 16), top));
    const int32x4_t sum2 =
        add_four(p, vandq_s32(vshlq_n_s32(wide_a, 8), top), vandq_s32(vshlq_n_s32(wide_b, 8), top));
    const int32x4_t sum3 = add_four(p, vandq_s32(wide_a, top), vandq_s32(wide_b, top));
    // The top byte of each, the last one highest.
    const int32x4_t bytes = vsriq_n_s32(sum3, vsriq_n_s32(sum2, vsriq_n_s32(sum1, sum0, 8), 8), 8);
    const int8x16_t low = vdupq_n_s8((int8_t)p->clamp_min), high = vdupq_n_s8((int8_t)p->clamp_max);
    return vminq_s8(vmaxq_s8(vreinterpretq_s8_s32(bytes), low), high);
}

/// Whether the elements of all three operands lie side by side, in the same order.
static bool dense(const shunt_add_line_params_t *p) {
    uint32_t stride = 1;
    for (uint32_t i = 4; i-- > 0;) {
        if (p->dims[i] != 1 && (p->strides[0][i] != stride || p->strides[1][i] != stride)) {
            return false;
        }
        stride *= p->dims[i];
    }
    return true;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    if (!shunt_check_step(call, 2, 1, sizeof *p)) {
        return SHUNT_ERR_PARAMS;
    }
    const uint32_t count = shunt_operand(call, 2)->bytes;
    const bool valid =
        shunt_check_product(p->dims[0], p->dims[1], p->dims[0] * p->dims[1]) &&
        shunt_check_product(p->dims[2], p->dims[3], p->dims[2] * p->dims[3]) &&
        shunt_check_product(p->dims[0] * p->dims[1], p->dims[2] * p->dims[3], count) && dense(p) &&
        shunt_operand(call, 0)->bytes == count && shunt_operand(call, 1)->bytes == count &&
        shunt_check_in_place(call, 0) && shunt_check_in_place(call, 1) &&
        ((p->multiplier[0] | p->multiplier[1]) & 1) == 0 &&
        shunt_check_clamp(p->clamp_min, p->clamp_max) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    // A copy: outputs could overwrite parameters, for all that compilers know.
    const shunt_add_line_params_t p = *(const shunt_add_line_params_t *)call->params;
    const int8_t *a = shunt_operand_in(call, 0);
    const int8_t *b = shunt_operand_in(call, 1);
    int8_t *out = shunt_operand_out(call, 0);
    int32_t left = (int32_t)shunt_operand(call, 2)->bytes;
    for (; left >= 16; left -= 16, a += 16, b += 16, out += 16) {
        vst1q_s8(out, add_block(&p, vld1q_s8(a), vld1q_s8(b)));
    }
    if (left > 0) {
        const mve_pred16_t active = vctp8q((uint32_t)left);
        vst1q_p_s8(out, add_block(&p, vld1q_z_s8(a, active), vld1q_z_s8(b, active)), active);
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

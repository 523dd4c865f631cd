// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "shunt_kernel_checks.h"

enum {
    /// TensorFlow Lite scales elements by 2^20 and then by one half; sums wrap.
    FRACTION_BITS = 19
};

/// Running sums of `count` elements, `stride` apart.
static void sum_line(const shunt_cumsum_params_t *p, const int8_t *in, int8_t *out) {
    const int32_t zero = p->input_zero_point;
    const ptrdiff_t stride = p->reverse ? -(ptrdiff_t)p->inner : (ptrdiff_t)p->inner;
    ptrdiff_t at = p->reverse ? (ptrdiff_t)(p->count - 1) * (ptrdiff_t)p->inner : 0;
    // It begins with a raw 0, not with the zero point: so does TensorFlow Lite Micro.
    uint32_t sum = (uint32_t)-zero << FRACTION_BITS;
    for (uint32_t i = 0; i < p->count; i++, at += stride) {
        const uint32_t before = sum;
        sum += (uint32_t)(in[at] - zero) << FRACTION_BITS;
        const int32_t raw = (int32_t)(p->exclusive ? before : sum);
        const int32_t scaled = scale_value(raw, p->multiplier, p->shift);
        out[at] = to_output(scaled, p->output_zero_point, INT8_MIN, INT8_MAX);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_cumsum_params_t *p = call->params;
    if (!shunt_check_step(call, 1, 1, sizeof *p)) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t lines = (uint64_t)p->outer * p->inner;
    const uint32_t elements = shunt_operand(call, 0)->bytes;
    const bool valid = shunt_check_in_place(call, 0) && lines <= elements &&
                       lines * p->count == elements && elements == shunt_operand(call, 1)->bytes &&
                       p->reverse <= 1 && p->exclusive <= 1 &&
                       shunt_check_zero_point(p->input_zero_point) &&
                       shunt_check_zero_point(p->output_zero_point) &&
                       shunt_check_scale(p->multiplier, p->shift, -31, 0) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_cumsum_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t block = (size_t)p->count * p->inner;
    for (uint32_t i = 0; i < p->outer; i++) {
        for (uint32_t j = 0; j < p->inner; j++) {
            sum_line(p, in + j, out + j);
        }
        in += block;
        out += block;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(cumsum_s8) = {
    .id = SHUNT_KERNEL_CUMSUM_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "cumsum_s8",
    .check = check,
    .run = run,
};

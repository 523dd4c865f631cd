// SPDX-License-Identifier: Apache-2.0
#include "elements.h"
#include "shunt_kernel_checks.h"

static int32_t scaled_value(const shunt_piecewise_params_t *p, int32_t value) {
    if (value >= 0) {
        return scale_value(value, p->multiplier[0], p->shift[0]);
    }
    // Rounding is not symmetric: it matters whether the sign changes before or after it.
    const int32_t before = p->negation == SHUNT_NEGATE_BEFORE ? -value : value;
    const int32_t scaled = scale_value(before, p->multiplier[1], p->shift[1]);
    return p->negation == SHUNT_NEGATE_AFTER ? -scaled : scaled;
}

static bool scales_valid(const shunt_piecewise_params_t *p) {
    return shunt_check_scale(p->multiplier[0], p->shift[0], -31, 30) &&
           shunt_check_scale(p->multiplier[1], p->shift[1], -31, 30) &&
           p->negation <= SHUNT_NEGATE_AFTER;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_piecewise_params_t *p = call->params;
    const uint32_t type = SHUNT_TYPE_S16;
    const bool valid =
        shunt_check_counts(call, 1, 1, sizeof *p) && shunt_check_type(call, 0, 2, type) &&
        shunt_check_in_place(call, 0) && (uint64_t)p->count * 2 == shunt_operand(call, 0)->bytes &&
        shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes && scales_valid(p) &&
        element_valid(p->input_zero_point, type) && element_valid(p->output_zero_point, type) &&
        element_valid(p->clamp_min, type) && element_valid(p->clamp_max, type) &&
        p->clamp_min <= p->clamp_max;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_piecewise_params_t *p = call->params;
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t scaled = scaled_value(p, in[i] - p->input_zero_point);
        out[i] = (int16_t)output_value(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(piecewise_s16) = {
    .id = SHUNT_KERNEL_PIECEWISE_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "piecewise_s16",
    .check = check,
    .run = run,
};

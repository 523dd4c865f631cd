// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel_checks.h"

/// Index of the first largest of the elements at `element`, p->inner apart.
static uint32_t first_largest(const shunt_arg_max_params_t *p, const int8_t *element) {
    int32_t largest = *element ^ p->flip;
    uint32_t result = 0;
    for (uint32_t i = 1; i < p->count; i++) {
        element += p->inner;
        const int32_t value = *element ^ p->flip;
        if (value > largest) {
            largest = value;
            result = i;
        }
    }
    return result;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_arg_max_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) ||
        !shunt_check_type(call, 0, 1, SHUNT_TYPE_S8) ||
        !(shunt_check_type(call, 1, 1, SHUNT_TYPE_S32) ||
          shunt_check_type(call, 1, 1, SHUNT_TYPE_S64))) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t index_bytes = shunt_check_type(call, 1, 1, SHUNT_TYPE_S32) ? 4 : 8;
    const uint64_t lines = (uint64_t)p->outer * p->inner;
    const uint32_t elements = shunt_operand(call, 0)->bytes;
    // No product wraps: `lines` is at most `elements` before it is multiplied again.
    const bool valid = shunt_check_separate(call) && p->count > 0 && lines <= elements &&
                       lines * p->count == elements &&
                       lines * index_bytes == shunt_operand(call, 1)->bytes &&
                       (p->flip == 0 || p->flip == -1);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_arg_max_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    uint32_t *out = shunt_operand_out(call, 0);
    const bool is_wide = shunt_operand(call, 1)->type == SHUNT_TYPE_S64;
    for (uint32_t i = 0; i < p->outer; i++) {
        for (uint32_t j = 0; j < p->inner; j++) {
            *out++ = first_largest(p, in + j);
            if (is_wide) {
                *out++ = 0; // the high half of a little-endian int64
            }
        }
        in += (size_t)p->count * p->inner;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(arg_max_s8) = {
    .id = SHUNT_KERNEL_ARG_MAX_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "arg_max_s8",
    .check = check,
    .run = run,
};

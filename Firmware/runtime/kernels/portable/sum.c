// SPDX-License-Identifier: Apache-2.0
#include "sum.h"

#include "shunt_kernel_checks.h"

static bool input_valid(const shunt_add_params_t *p, uint32_t input, uint32_t type) {
    return element_valid(p->input_zero_point[input], type) &&
           shunt_check_scale(p->input_multiplier[input], p->input_shift[input], -31, 0);
}

bool SHUNT_SUM_VALID(const shunt_call_t *call, uint32_t type, int32_t max_left_shift) {
    const shunt_add_params_t *p = call->params;
    return shunt_check_counts(call, 2, 1, sizeof *p) && shunt_check_type(call, 0, 3, type) &&
           SHUNT_BROADCAST_VALID(call) && p->left_shift >= 0 && p->left_shift <= max_left_shift &&
           input_valid(p, 0, type) && input_valid(p, 1, type) &&
           shunt_check_scale(p->output_multiplier, p->output_shift, -31, 30) &&
           element_valid(p->output_zero_point, type) && element_valid(p->clamp_min, type) &&
           element_valid(p->clamp_max, type) && p->clamp_min <= p->clamp_max;
}

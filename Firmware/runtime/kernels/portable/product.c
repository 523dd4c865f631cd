// SPDX-License-Identifier: Apache-2.0
#include "product.h"

#include "shunt_kernel_checks.h"

bool SHUNT_PRODUCT_VALID(const shunt_call_t *call, uint32_t type, int32_t max_shift) {
    const shunt_mul_params_t *p = call->params;
    return shunt_check_counts(call, 2, 1, sizeof *p) && shunt_check_type(call, 0, 3, type) &&
           SHUNT_BROADCAST_VALID(call) && element_valid(p->input_zero_point[0], type) &&
           element_valid(p->input_zero_point[1], type) &&
           shunt_check_scale(p->multiplier, p->shift, -31, max_shift) &&
           element_valid(p->output_zero_point, type) && element_valid(p->clamp_min, type) &&
           element_valid(p->clamp_max, type) && p->clamp_min <= p->clamp_max && p->reserved == 0;
}

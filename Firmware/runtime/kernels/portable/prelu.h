// SPDX-License-Identifier: Apache-2.0
//
// What the two prelu kernels have in common; the factors of both are int8.
#ifndef SHUNT_PORTABLE_PRELU_H
#define SHUNT_PORTABLE_PRELU_H

#include "broadcast.h"
#include "elements.h"
#include "shunt_kernel_checks.h"

/// The output for an input and its factor, within min ... max.
static inline int32_t prelu_value(const shunt_prelu_params_t *p, int32_t in, int32_t factor,
                                  int32_t min, int32_t max) {
    const int32_t value = in - p->input_zero_point;
    const int32_t scaled = value >= 0 ? scale_value(value, p->multiplier[0], p->shift[0])
                                      : scale_value(value * (factor - p->factor_zero_point),
                                                    p->multiplier[1], p->shift[1]);
    return output_value(scaled, p->output_zero_point, min, max);
}

/// Whether a step with input and output of `type` is legal.
static inline bool prelu_valid(const shunt_call_t *call, uint32_t type) {
    const shunt_prelu_params_t *p = call->params;
    return shunt_check_counts(call, 2, 1, sizeof *p) && shunt_check_type(call, 0, 1, type) &&
           shunt_check_type(call, 1, 1, SHUNT_TYPE_S8) && shunt_check_type(call, 2, 1, type) &&
           SHUNT_BROADCAST_VALID(call) && element_valid(p->input_zero_point, type) &&
           shunt_check_zero_point(p->factor_zero_point) &&
           element_valid(p->output_zero_point, type) &&
           shunt_check_scale(p->multiplier[0], p->shift[0], -31, 30) &&
           shunt_check_scale(p->multiplier[1], p->shift[1], -31, 30) && p->reserved == 0;
}

#endif

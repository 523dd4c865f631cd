// SPDX-License-Identifier: Apache-2.0
//
// What kernels have in common that bring two inputs to one scale before they combine them: sums,
// differences, squared differences.
#ifndef SHUNT_PORTABLE_SUM_H
#define SHUNT_PORTABLE_SUM_H

#include "broadcast.h"
#include "elements.h"
#include "shunt_params.h"

#define SHUNT_SUM_VALID SHUNT_KERNEL_SYMBOL(sum_valid)

/// Whether a step with shunt_add_params_t on three operands of `type` is legal and shifts inputs
/// left by at most `max_left_shift`.
bool SHUNT_SUM_VALID(const shunt_call_t *call, uint32_t type, int32_t max_left_shift);

/// An input's element in the common scale.
static inline int32_t sum_term(const shunt_add_params_t *p, uint32_t input, int32_t value) {
    const int32_t shifted = (value - p->input_zero_point[input]) * (1 << p->left_shift);
    return scale_value(shifted, p->input_multiplier[input], p->input_shift[input]);
}

/// The output's element for a number in the common scale.
static inline int32_t sum_output(const shunt_add_params_t *p, int32_t value) {
    const int32_t scaled = scale_value(value, p->output_multiplier, p->output_shift);
    return output_value(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
}

#endif

// SPDX-License-Identifier: Apache-2.0
//
// Softmax of int8 rows, for outputs of 8 and 16 bits.
#ifndef SHUNT_PORTABLE_SOFTMAX_H
#define SHUNT_PORTABLE_SOFTMAX_H

#include "shunt_kernel_checks.h"

enum {
    SOFTMAX_SUM_INTEGER_BITS = 12, ///< Sums of exponentials are in Q12: room for 4095 of them.
    SOFTMAX_MAX_DEPTH = (1 << SOFTMAX_SUM_INTEGER_BITS) - 1
};

#define SHUNT_SOFTMAX_CHECK SHUNT_KERNEL_SYMBOL(softmax_check)
#define SHUNT_SOFTMAX_RUN SHUNT_KERNEL_SYMBOL(softmax_run)
#define SHUNT_SOFTMAX_MAXIMUM SHUNT_KERNEL_SYMBOL(softmax_maximum)
#define SHUNT_SOFTMAX_SUM SHUNT_KERNEL_SYMBOL(softmax_sum)

/// Everything that SHUNT_SOFTMAX_RUN relies on, for an output of `type`, whose elements have
/// `output_bits` bits.
shunt_status_t SHUNT_SOFTMAX_CHECK(const shunt_call_t *call, uint32_t type, uint32_t output_bits);

/// Runs a step; the output's scale is 2^-output_bits, its zero point the lowest value.
/// `output_bits` is 8 or 16.
void SHUNT_SOFTMAX_RUN(const shunt_call_t *call, int32_t output_bits);

/// The largest of `depth` elements.
int32_t SHUNT_SOFTMAX_MAXIMUM(const int8_t *in, uint32_t depth);

/// Sum of exp(distance to `maximum`) over a row, in Q12; at least 1, as the maximum contributes
/// exp(0).
uint32_t SHUNT_SOFTMAX_SUM(const shunt_softmax_params_t *p, const int8_t *in, int32_t maximum);

#endif

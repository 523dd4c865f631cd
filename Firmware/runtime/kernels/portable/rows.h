// SPDX-License-Identifier: Apache-2.0
//
// Products of one row of activations with rows of weights.
#ifndef SHUNT_PORTABLE_ROWS_H
#define SHUNT_PORTABLE_ROWS_H

#include <stddef.h>

#include "shunt_kernel.h"

#define SHUNT_MULTIPLY_ROWS SHUNT_KERNEL_SYMBOL(multiply_rows)

/// acc[c] += sum over i < length of in[i] * weights[c * stride + i], for four channels c; sums wrap
/// modulo 2^32. `length` is at least 1.
void SHUNT_MULTIPLY_ROWS(uint32_t *acc, const int8_t *in, const int8_t *weights, size_t stride,
                         size_t length);

#endif

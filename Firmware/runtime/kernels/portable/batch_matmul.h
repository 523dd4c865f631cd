// SPDX-License-Identifier: Apache-2.0
//
// Products of two activations: what batch_matmul_s8 and batch_matmul_s16 have in common.
#ifndef SHUNT_PORTABLE_BATCH_MATMUL_H
#define SHUNT_PORTABLE_BATCH_MATMUL_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// Writes element `index` of the output: the sum of products of the elements of `a` and `b` from
/// these indices on, their strides apart.
typedef void (*multiply_element_t)(const shunt_call_t *call, size_t index, size_t a, size_t b);

#define SHUNT_CHECK_MATMUL SHUNT_KERNEL_SYMBOL(check_matmul)
#define SHUNT_MULTIPLY_BATCHES SHUNT_KERNEL_SYMBOL(multiply_batches)

/// Whether operands of this type and the sizes and strides of the parameters fit each other; zero
/// points, scale and clamp are left to the kernel.
bool SHUNT_CHECK_MATMUL(const shunt_call_t *call, uint32_t type);

/// Runs a step that the kernel has accepted.
void SHUNT_MULTIPLY_BATCHES(const shunt_call_t *call, multiply_element_t multiply);

#endif

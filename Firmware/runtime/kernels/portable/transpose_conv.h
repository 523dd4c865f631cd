// SPDX-License-Identifier: Apache-2.0
//
// Transposed convolutions: what transpose_conv_s8 and transpose_conv_s16 have in common.
#ifndef SHUNT_PORTABLE_TRANSPOSE_CONV_H
#define SHUNT_PORTABLE_TRANSPOSE_CONV_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// What depends on the type of the activations.
typedef struct transpose_element {
    /// Sum of products over the input channels of the pixel whose first element is `index`.
    int64_t (*dot)(const shunt_transpose_conv_params_t *p, const void *in, size_t index,
                   const int8_t *weights);
    /// Writes element `index` of the output, of this channel.
    void (*store)(const shunt_call_t *call, void *out, size_t index, uint32_t channel, int64_t sum);
} transpose_element_t;

#define SHUNT_CHECK_TRANSPOSE SHUNT_KERNEL_SYMBOL(check_transpose)
#define SHUNT_CONVOLVE_TRANSPOSED SHUNT_KERNEL_SYMBOL(convolve_transposed)

/// Whether operands of this type, window and weights are those of a transposed convolution; zero
/// points, clamp and channels are left to the kernel.
bool SHUNT_CHECK_TRANSPOSE(const shunt_call_t *call, uint32_t type);

/// Runs a step that the kernel has accepted.
void SHUNT_CONVOLVE_TRANSPOSED(const shunt_call_t *call, const transpose_element_t *element);

#endif

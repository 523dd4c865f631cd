// SPDX-License-Identifier: Apache-2.0
//
// A window over an int16 image: what conv2d_s16 and depthwise_conv2d_s16 have in common.
#ifndef SHUNT_PORTABLE_WINDOW_S16_H
#define SHUNT_PORTABLE_WINDOW_S16_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// Where the weights of an output channel lie, and which input channels it reads.
typedef struct channel_layout {
    uint32_t depth;          ///< Input channels that one output channel reads.
    uint32_t group_outputs;  ///< Output channels that read the same input channels.
    uint32_t channel_stride; ///< Bytes from the weights of one output channel to the next.
    uint32_t tap_stride;     ///< Bytes from the weights of one tap to the next.
} channel_layout_t;

#define SHUNT_CHECK_WINDOW_S16 SHUNT_KERNEL_SYMBOL(check_window_s16)
#define SHUNT_CONVOLVE_S16 SHUNT_KERNEL_SYMBOL(convolve_s16)

/// Whether a step's operands and parameters are those of a convolution with int16 activations.
shunt_status_t SHUNT_CHECK_WINDOW_S16(const shunt_call_t *call);

/// Runs a step that SHUNT_CHECK_WINDOW_S16 has accepted.
void SHUNT_CONVOLVE_S16(const shunt_call_t *call, const channel_layout_t *layout);

#endif

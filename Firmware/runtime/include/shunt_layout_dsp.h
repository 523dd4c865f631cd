// SPDX-License-Identifier: Apache-2.0
//
// How the `dsp` kernels want weights, channel records and scratch: plain arithmetic, shared by the
// packer and the kernels.
#ifndef SHUNT_LAYOUT_DSP_H
#define SHUNT_LAYOUT_DSP_H

#include <stdint.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

// Matrices (conv2d_s8, fully_connected_s8).

// Depthwise convolutions.

#ifdef __cplusplus
}
#endif
#endif

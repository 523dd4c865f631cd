// SPDX-License-Identifier: Apache-2.0
//
// Which pools the `dsp` set has: plain arithmetic, shared by the packer and the kernels. They need
// no scratch; their output may begin below their input as shunt_window_lead says, each pixel being
// written while its inputs are read.
#ifndef SHUNT_LAYOUT_DSP_POOL_H
#define SHUNT_LAYOUT_DSP_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_DSP_POOL_CHANNELS = 8 ///< Computed at a time, and the least number.
};

/// Whether the kernels have a pool: of a multiple of four channels, of which there are enough.
static inline bool shunt_dsp_pool_has(const shunt_window_t *window) {
    return window->in_channels % 4 == 0 && window->in_channels >= SHUNT_DSP_POOL_CHANNELS;
}

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
//
// What the two pools have in common beside shunt_pool2d.h.
#ifndef SHUNT_DSP_POOL2D_H
#define SHUNT_DSP_POOL2D_H

#include "clamp.h"
#include "shunt_layout_dsp_pool.h"
#include "shunt_pool2d.h"

static inline bool dsp_pool2d_valid(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    return shunt_check_pool2d_s8(call) && shunt_dsp_pool_has(&p->window);
}

static inline uint32_t pool_channels(const shunt_covered_t *covered) {
    return covered->params->window.out_channels;
}

/// Clamps all outputs: the loops do not.
static inline void clamp_outputs(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    SHUNT_CLAMP_ELEMENTS(shunt_operand_out(call, 0), shunt_operand(call, 1)->bytes, p->clamp_min,
                         p->clamp_max);
}

#endif

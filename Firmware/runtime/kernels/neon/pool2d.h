// SPDX-License-Identifier: Apache-2.0
//
// What the two pools have in common beside shunt_pool2d.h: the walk over channels.
#ifndef SHUNT_NEON_POOL2D_H
#define SHUNT_NEON_POOL2D_H

#include "intrinsics.h"
#include "shunt_layout_neon.h"
#include "shunt_pool2d.h"

/// Reduces sixteen channels from `first` on, or eight, of the pixels covered, not yet clamped. Of
/// eight the upper half of the result is anything.
typedef int8x16_t (*pool_block_t)(const shunt_covered_t *covered, const int8_t *first,
                                  bool sixteen);

INLINE bool neon_pool2d_valid(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    return shunt_check_pool2d_s8(call) && shunt_neon_pool_has(&p->window);
}

/// Sixteen channels, or eight and anything.
INLINE int8x16_t load_channels(const int8_t *in, bool sixteen) {
    return sixteen ? vld1q_s8(in) : vcombine_s8(vld1_s8(in), vdup_n_s8(0));
}

/// Reduces all channels. The last block may begin inside the one before it.
INLINE void pool_blocks(const shunt_covered_t *covered, pool_block_t pool, int8_t *out) {
    const shunt_pool2d_params_t *p = covered->params;
    const int8x16_t min = vdupq_n_s8((int8_t)p->clamp_min);
    const int8x16_t max = vdupq_n_s8((int8_t)p->clamp_max);
    const uint32_t channels = p->window.out_channels;
    const bool sixteen = channels >= 16;
    const uint32_t block = sixteen ? 16 : 8;
    for (uint32_t channel = 0; channel < channels; channel += block) {
        const uint32_t first = channels - channel < block ? channels - block : channel;
        const int8x16_t reduced = pool(covered, covered->first + first, sixteen);
        const int8x16_t values = vminq_s8(vmaxq_s8(reduced, min), max);
        if (sixteen) {
            vst1q_s8(out + first, values);
        } else {
            vst1_s8(out + first, vget_low_s8(values));
        }
    }
}

#endif

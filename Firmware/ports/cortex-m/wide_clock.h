// SPDX-License-Identifier: Apache-2.0
//
// A 64-bit clock from a fast counter that wraps and a slow one that tells how often it did so.
#ifndef SHUNT_CORTEX_M_WIDE_CLOCK_H
#define SHUNT_CORTEX_M_WIDE_CLOCK_H

#include <stdint.h>

/// The clock at its last reading; zeros at the start.
typedef struct shunt_wide_clock {
    uint64_t ticks;
    uint32_t slow;
} shunt_wide_clock_t;

/// Reads the clock. Right as long as less than one wrap of the slow counter has passed since the
/// last reading; with a slow counter that stands still, less than one wrap of the fast one.
///
/// @param now            The fast counter, counting up.
/// @param mask           Its bits: a power of two minus 1.
/// @param slow_now       The slow counter, counting up; read right after the fast one.
/// @param slow_mask      Its bits.
/// @param ticks_per_slow Ticks of the fast counter in one of the slow one, right to half a wrap.
/// @return Ticks of the fast counter, without wraps.
static inline uint64_t shunt_wide_clock_read(shunt_wide_clock_t *clock, uint32_t now, uint32_t mask,
                                             uint32_t slow_now, uint32_t slow_mask,
                                             uint32_t ticks_per_slow) {
    const uint32_t half = mask / 2 + 1;
    const uint32_t passed = (now - (uint32_t)clock->ticks) & mask;
    const uint32_t slow_passed = (slow_now - clock->slow) & slow_mask;
    clock->slow = slow_now;
    if (slow_passed < half / ticks_per_slow) {
        clock->ticks += passed; // less than half a wrap
    } else {
        const uint64_t about = (uint64_t)slow_passed * ticks_per_slow;
        clock->ticks += ((about - passed + half) & ~(uint64_t)mask) + passed;
    }
    return clock->ticks;
}

#endif

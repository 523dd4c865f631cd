// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_CORTEX_M_REGISTERS_H
#define SHUNT_CORTEX_M_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

/// A device register at a fixed address.
#define SHUNT_REGISTER(address) (*(volatile uint32_t *)(address))

/// Waits until the bits of `mask` have `value`, for a few milliseconds at most: start-up must end
/// on a chip whose crystal is missing, and in an emulator that does not model the bits.
/// @return Whether they have.
static inline bool shunt_wait_for(const volatile uint32_t *reg, uint32_t mask, uint32_t value) {
    for (uint32_t tries = 0; tries < 20000; tries++) {
        if ((*reg & mask) == value) {
            return true;
        }
    }
    return false;
}

#endif

// SPDX-License-Identifier: Apache-2.0
//
// Sleeping until a device asks for attention, without ever taking an interrupt: a pending interrupt
// ends WFI although PRIMASK holds it back. Ports enable exactly one interrupt at its source, that
// of the link's receiver, so that the interrupt controller may let all of them through and the port
// need not know numbers.
#ifndef SHUNT_CORTEX_M_WAKE_H
#define SHUNT_CORTEX_M_WAKE_H

#include <stdint.h>

enum {
    SHUNT_WAKE_LINES = 96
}; // first interrupts of the controller; those that are missing ignore it

#define SHUNT_NVIC_ENABLE ((volatile uint32_t *)0xE000E100u)
#define SHUNT_NVIC_CLEAR_PENDING ((volatile uint32_t *)0xE000E280u)

/// Lets interrupts pend. Call it with interrupts off, once.
static inline void shunt_wake_enable(void) {
    for (int i = 0; i < SHUNT_WAKE_LINES / 32; i++) {
        SHUNT_NVIC_ENABLE[i] = UINT32_MAX;
    }
}

/// Forgets what is pending; the caller has cleared it at its source.
static inline void shunt_wake_clear(void) {
    for (int i = 0; i < SHUNT_WAKE_LINES / 32; i++) {
        SHUNT_NVIC_CLEAR_PENDING[i] = UINT32_MAX;
    }
    __asm volatile("dsb" ::: "memory");
}

/// Sleeps until something pends; returns at once if it does already.
static inline void shunt_wake_wait(void) {
    __asm volatile("wfi" ::: "memory");
}

#endif

// SPDX-License-Identifier: Apache-2.0
#include "agent_internal.h"

// The bytes right below the caller's stack pointer hold the frame of the function that paints.
enum { PAINT = 0xA5A5A5A5u, MARGIN_BYTES = 256 };

#if defined(__clang__) || defined(__GNUC__)
#define UNCHECKED __attribute__((no_sanitize("address"), noinline))
#else
#define UNCHECKED
#endif

UNCHECKED void shunt_stack_paint(const uint8_t *pointer) {
    volatile uint32_t *word = (volatile uint32_t *)(uintptr_t)shunt_port_stack_low();
    const volatile uint32_t *end = (const volatile uint32_t *)((uintptr_t)pointer - MARGIN_BYTES);
    while (word < end) {
        *word++ = PAINT;
    }
}

UNCHECKED uint32_t shunt_stack_used(const uint8_t *pointer) {
    const volatile uint32_t *word = (const volatile uint32_t *)(uintptr_t)shunt_port_stack_low();
    const volatile uint32_t *end = (const volatile uint32_t *)((uintptr_t)pointer - MARGIN_BYTES);
    while (word < end && *word == PAINT) {
        word++;
    }
    return (uint32_t)((uintptr_t)pointer - (uintptr_t)word);
}

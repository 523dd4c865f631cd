// SPDX-License-Identifier: Apache-2.0
//
// A port without a board: the line is two buffers, the clock counts its readings, triggers are
// noted.
#ifndef SHUNT_TEST_PORT_H
#define SHUNT_TEST_PORT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TEST_TICK_HZ = 1000000,
    TEST_TICKS_PER_READING = 50,
    TEST_SLOT_BYTES = 16384,
    TEST_BATCH_BYTES = 8192
};

typedef struct test_port {
    const uint8_t *received; ///< What is still to arrive,
    size_t received_bytes;   ///< and how much of it.
    uint8_t sent[65536];     ///< What the agent sent.
    size_t sent_bytes;
    bool host_is_deaf; ///< The line takes nothing.
    uint32_t resets;
    bool interrupts_off;
    uint32_t pins[64]; ///< Trigger levels, in order.
    uint32_t pin_writes;
    bool sent_inside_window; ///< A byte left, or was taken, while the pins were not idle.
    uint64_t ticks;
    jmp_buf on_reset; ///< Where shunt_port_reset goes.
} test_port_t;

extern test_port_t test_port;

/// Forgets everything but the flash.
void test_port_restart(void);

/// Fills the flash.
void test_port_fill_flash(uint8_t byte);

/// The flash, as a loader sees it.
uint8_t *test_port_slots(void);

#endif

// SPDX-License-Identifier: Apache-2.0
//
// A port to start from: it compiles and links as it is, and does nothing. Docs/porting.md goes
// through it function by function; startup, reset and stack are those of ports/cortex-m.
#include "shunt_board.h"
#include "shunt_port.h"

void shunt_port_init(void) {
    // Clock to SHUNT_CLOCK_HZ, UART at SHUNT_UART_BASE to SHUNT_BAUD, a free-running timer at
    // SHUNT_TIMER_HZ, trigger pins low.
}

uint32_t shunt_port_boot_counter(void) {
    return 0; // a .noinit variable, or a backup register
}

uint64_t shunt_port_ticks(void) {
    return 0; // two chained timers, or one and what tells how often it wrapped
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    (void)bytes;
    (void)capacity;
    return 0;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    (void)bytes;
    return count;
}

bool shunt_port_uart_idle(void) {
    return true; // transmission complete, not merely register empty
}

uint32_t shunt_port_uart_overruns(void) {
    return 0;
}

void shunt_port_wait(void) {}

void shunt_port_trigger_write(uint32_t pins) {
    (void)pins; // one store to a set/reset register
}

void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    (void)offset;
    return false;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    (void)offset;
    (void)bytes;
    (void)count;
    return false;
}

const shunt_flash_t *shunt_port_flash(void) {
    static const shunt_flash_t flash = {
        .base = (const uint8_t *)SHUNT_SLOT_ORIGIN,
        .address = SHUNT_SLOT_ORIGIN,
        .bytes = SHUNT_SLOT_BYTES,
        .erase_bytes = 4096, // the reference manual's page or sector
        .write_bytes = 8,    // and its programming unit
        .erase = flash_erase,
        .write = flash_write,
    };
    return &flash;
}

uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address) {
    *bytes = SHUNT_BATCH_BYTES;
    *address = SHUNT_BATCH_ORIGIN;
    return (uint8_t *)SHUNT_BATCH_ORIGIN;
}

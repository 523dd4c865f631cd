// SPDX-License-Identifier: Apache-2.0
#include "pl011.h"

#include "cortex_a.h"
#include "shunt_board.h"
#include "shunt_port.h"

typedef struct uart {
    volatile uint32_t data; // with the errors of this byte
    uint32_t reserved_0[5];
    volatile uint32_t flags;
    uint32_t reserved_1[2];
    volatile uint32_t divider;          // of 16 times the rate, whole part
    volatile uint32_t divider_fraction; // in 64ths
    volatile uint32_t line_control;
    volatile uint32_t control;
    volatile uint32_t fifo_levels;
    volatile uint32_t interrupt_mask;
    uint32_t reserved_2[2];
    volatile uint32_t interrupt_clear;
} uart_t;

enum {
    DATA_OVERRUN = 1u << 11,
    FLAG_BUSY = 1u << 3,
    FLAG_RX_EMPTY = 1u << 4,
    FLAG_TX_FULL = 1u << 5,
    LINE_8_BITS = 3u << 5,
    LINE_FIFOS = 1u << 4,
    CONTROL_ENABLE = 1u << 0,
    CONTROL_TX = 1u << 8,
    CONTROL_RX = 1u << 9,
    LEVEL_RX_EIGHTH = 0u << 3,
    INTERRUPT_RX = 1u << 4,
    INTERRUPT_RX_TIMEOUT = 1u << 6,
    INTERRUPT_ALL = 0x7ffu
};

static uart_t *const uart = (uart_t *)(uintptr_t)SHUNT_UART_BASE;
static uint32_t overruns;

void shunt_pl011_init(uint32_t clock_hz) {
    // 64 clock / (16 baud), rounded; at least 1.
    uint32_t divider = (uint32_t)((UINT64_C(8) * clock_hz / SHUNT_BAUD + 1) / 2);
    divider = divider < 64 ? 64 : divider;
    uart->control = 0;
    uart->interrupt_clear = INTERRUPT_ALL;
    uart->divider = divider / 64;
    uart->divider_fraction = divider % 64;
    uart->line_control = LINE_8_BITS | LINE_FIFOS;
    uart->fifo_levels = LEVEL_RX_EIGHTH;
    uart->interrupt_mask = INTERRUPT_RX | INTERRUPT_RX_TIMEOUT;
    uart->control = CONTROL_ENABLE | CONTROL_TX | CONTROL_RX;
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    while (count < capacity && (uart->flags & FLAG_RX_EMPTY) == 0) {
        const uint32_t data = uart->data;
        overruns += (data & DATA_OVERRUN) != 0;
        bytes[count++] = (uint8_t)data;
    }
    return count;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count && (uart->flags & FLAG_TX_FULL) == 0) {
        uart->data = bytes[sent++];
    }
    return sent;
}

bool shunt_port_uart_idle(void) {
    return (uart->flags & FLAG_BUSY) == 0;
}

uint32_t shunt_port_uart_overruns(void) {
    return overruns;
}

void shunt_port_wait(void) {
    // Sleeping matters to an emulator, too: a core that polls a device keeps it from looking at the
    // line. The interrupt stays raised until the FIFO is empty, so that none can be missed.
    if ((uart->flags & FLAG_RX_EMPTY) != 0) {
        shunt_cortex_a_sleep();
    }
}

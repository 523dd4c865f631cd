// SPDX-License-Identifier: Apache-2.0
//
// The link over a USART of the STM32F1 to F4 kind (one status, one data register), polled.
#include "../cortex-m/wake.h"
#include "shunt_port.h"
#include "stm32.h"

typedef struct usart {
    volatile uint32_t status;
    volatile uint32_t data;
    volatile uint32_t baud;
    volatile uint32_t control1;
    volatile uint32_t control2;
    volatile uint32_t control3;
} usart_t;

enum {
    STATUS_OVERRUN = 1u << 3, // cleared by reading status, then data
    STATUS_RX_FULL = 1u << 5,
    STATUS_TX_COMPLETE = 1u << 6,
    STATUS_TX_EMPTY = 1u << 7,
    CONTROL1_RX_ENABLE = 1u << 2,
    CONTROL1_TX_ENABLE = 1u << 3,
    CONTROL1_RX_INTERRUPT = 1u << 5,
    CONTROL1_ENABLE = 1u << 13
};

static usart_t *const usart = (usart_t *)SHUNT_UART_BASE;
static uint32_t overruns;

void shunt_stm32_start_usart(void) {
    usart->control2 = 0;                                                // one stop bit
    usart->control3 = 0;                                                // no flow control
    usart->baud = (SHUNT_UART_CLOCK_HZ + SHUNT_BAUD / 2u) / SHUNT_BAUD; // in sixteenths
    usart->control1 =
        CONTROL1_ENABLE | CONTROL1_TX_ENABLE | CONTROL1_RX_ENABLE | CONTROL1_RX_INTERRUPT;
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    uint32_t status;
    while (count < capacity && ((status = usart->status) & STATUS_RX_FULL) != 0) {
        if ((status & STATUS_OVERRUN) != 0) {
            overruns++;
        }
        bytes[count++] = (uint8_t)usart->data;
    }
    return count;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count && (usart->status & STATUS_TX_EMPTY) != 0) {
        usart->data = bytes[sent++];
    }
    return sent;
}

bool shunt_port_uart_idle(void) {
    return (usart->status & STATUS_TX_COMPLETE) != 0;
}

uint32_t shunt_port_uart_overruns(void) {
    return overruns;
}

void shunt_port_wait(void) {
    (void)shunt_port_ticks(); // at least once in a wrap
    shunt_stm32_forget_wrap();
    shunt_wake_clear();
    if ((usart->status & STATUS_RX_FULL) == 0) {
        shunt_wake_wait();
    }
}

// Interrupts wake the core and are never taken (wake.h): they are off for good since reset.
void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address) {
    *bytes = 0;
    *address = 0;
    return NULL;
}

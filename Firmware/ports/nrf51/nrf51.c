// SPDX-License-Identifier: Apache-2.0
//
// Nordic nRF51 (nRF51 Series Reference Manual v3.0): UART0, TIMER0, GPIO. The link's pins and the
// first of three trigger pins in a row come from the board file.
#include "../cortex-m/boot.h"
#include "../cortex-m/registers.h"
#include "../cortex-m/wake.h"
#include "../cortex-m/wide_clock.h"
#include "shunt_board.h"
#include "shunt_port.h"

// CLOCK.
#define HFCLK_START SHUNT_REGISTER(0x40000000u)
#define HFCLK_STARTED SHUNT_REGISTER(0x40000100u)

// UART: tasks and events are registers of their own.
#define UART(offset) SHUNT_REGISTER(SHUNT_UART_BASE + (offset))
#define UART_START_RX UART(0x000u)
#define UART_START_TX UART(0x008u)
#define UART_RX_READY UART(0x108u)
#define UART_TX_READY UART(0x11Cu)
#define UART_INTERRUPTS_SET UART(0x304u)
#define UART_ERRORS UART(0x480u) // write 1 to clear
#define UART_ENABLE UART(0x500u)
#define UART_PIN_RTS UART(0x508u)
#define UART_PIN_TX UART(0x50Cu)
#define UART_PIN_CTS UART(0x510u)
#define UART_PIN_RX UART(0x514u)
#define UART_RX UART(0x518u)
#define UART_TX UART(0x51Cu)
#define UART_BAUD UART(0x524u)
#define UART_CONFIG UART(0x56Cu)

enum {
    UART_ON = 4,
    UART_ERROR_OVERRUN = 1u << 0,
    UART_INTERRUPT_RX = 1u << 2,
};
#define NO_PIN 0xFFFFFFFFu

// TIMER0, the only one of 32 bits.
#define TIMER(offset) SHUNT_REGISTER(SHUNT_TIMER_BASE + (offset))
#define TIMER_START TIMER(0x000u)
#define TIMER_STOP TIMER(0x004u)
#define TIMER_CLEAR TIMER(0x00Cu)
#define TIMER_CAPTURE_0 TIMER(0x040u)
#define TIMER_COMPARED_2 TIMER(0x148u)
#define TIMER_COMPARED_3 TIMER(0x14Cu)
#define TIMER_INTERRUPTS_SET TIMER(0x304u)
#define TIMER_MODE TIMER(0x504u)
#define TIMER_BITS TIMER(0x508u)
#define TIMER_PRESCALER TIMER(0x510u)
#define TIMER_CC_0 TIMER(0x540u)
#define TIMER_CC_2 TIMER(0x548u)
#define TIMER_CC_3 TIMER(0x54Cu)

enum { TIMER_BITS_32 = 3, TIMER_INTERRUPTS_2_3 = 3u << 18 };

// GPIO.
#define GPIO(offset) SHUNT_REGISTER(SHUNT_GPIO_BASE + (offset))
#define GPIO_OUT GPIO(0x504u)
#define GPIO_DIRECTION_SET GPIO(0x518u)
#define GPIO_PIN_CONFIG(pin) GPIO(0x700u + 4u * (pin))

enum { GPIO_INPUT_PULLED_UP = 3u << 2, TRIGGER_PINS = 7 };
#define TX_HIGH (1u << SHUNT_PIN_TX) // the line's idle level, when the UART does not drive it

_Static_assert(SHUNT_TIMER_HZ == 16000000u, "TIMER0 counts the high-frequency clock");

static uint32_t overruns;
static bool sending;

/// The crystal's clock: the internal oscillator is too inexact for energy, though not for the link.
static void start_clock(void) {
    HFCLK_STARTED = 0;
    HFCLK_START = 1;
    (void)shunt_wait_for(&HFCLK_STARTED, 1, 1);
}

/// Counts at 16 MHz. Two compares wake the core twice in a wrap, so that sleep loses none.
static void start_timer(void) {
    TIMER_STOP = 1;
    TIMER_MODE = 0;
    TIMER_BITS = TIMER_BITS_32;
    TIMER_PRESCALER = 0;
    TIMER_CLEAR = 1;
    TIMER_CC_2 = 0x40000000u;
    TIMER_CC_3 = 0xC0000000u;
    TIMER_INTERRUPTS_SET = TIMER_INTERRUPTS_2_3;
    TIMER_START = 1;
}

static void start_uart(void) {
    GPIO_OUT = TX_HIGH;
    GPIO_DIRECTION_SET = TX_HIGH;
    GPIO_PIN_CONFIG(SHUNT_PIN_RX) = GPIO_INPUT_PULLED_UP;
    UART_PIN_TX = SHUNT_PIN_TX;
    UART_PIN_RX = SHUNT_PIN_RX;
    UART_PIN_RTS = NO_PIN;
    UART_PIN_CTS = NO_PIN;
    // 2^32 steps at the UART's clock; the manual's values are multiples of 4096.
    UART_BAUD =
        (uint32_t)((((uint64_t)SHUNT_BAUD << 32) / SHUNT_UART_CLOCK_HZ + 0x800u) & 0xFFFFF000u);
    UART_CONFIG = 0; // no parity, no flow control
    UART_ENABLE = UART_ON;
    UART_RX_READY = 0;
    UART_TX_READY = 0;
    UART_INTERRUPTS_SET = UART_INTERRUPT_RX;
    UART_START_RX = 1;
    UART_START_TX = 1;
}

void shunt_port_init(void) {
    shunt_count_boot();
    start_clock();
    start_timer();
    start_uart();
    GPIO_DIRECTION_SET = (uint32_t)TRIGGER_PINS << SHUNT_PIN_TRIGGER;
    shunt_port_trigger_write(0);
    shunt_wake_enable();
}

uint64_t shunt_port_ticks(void) {
    // 32 bits are 268 s, longer than any inference, and sleep is shorter (start_timer).
    static shunt_wide_clock_t clock;
    TIMER_CAPTURE_0 = 1;
    return shunt_wide_clock_read(&clock, TIMER_CC_0, UINT32_MAX, 0, 0, 1);
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    if ((UART_ERRORS & UART_ERROR_OVERRUN) != 0) {
        UART_ERRORS = UART_ERROR_OVERRUN;
        overruns++;
    }
    while (count < capacity && UART_RX_READY != 0) {
        UART_RX_READY = 0; // before the byte is taken, which may raise it again
        bytes[count++] = (uint8_t)UART_RX;
    }
    return count;
}

bool shunt_port_uart_idle(void) {
    if (sending && UART_TX_READY != 0) {
        UART_TX_READY = 0;
        sending = false;
    }
    return !sending;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count && shunt_port_uart_idle()) {
        sending = true;
        UART_TX = bytes[sent++];
    }
    return sent;
}

uint32_t shunt_port_uart_overruns(void) {
    return overruns;
}

void shunt_port_wait(void) {
    (void)shunt_port_ticks();
    TIMER_COMPARED_2 = 0;
    TIMER_COMPARED_3 = 0;
    shunt_wake_clear();
    if (UART_RX_READY == 0) {
        shunt_wake_wait();
    }
}

// Interrupts wake the core and are never taken (wake.h): they are off for good since reset.
void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

void shunt_port_trigger_write(uint32_t levels) {
    GPIO_OUT = TX_HIGH | (levels & TRIGGER_PINS) << SHUNT_PIN_TRIGGER;
}

uint8_t *shunt_port_batch(uint32_t *bytes, uint32_t *address) {
    *bytes = 0;
    *address = 0;
    return NULL;
}

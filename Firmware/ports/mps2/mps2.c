// SPDX-License-Identifier: Apache-2.0
//
// Arm MPS2 and MPS3 FPGA images (AN385, AN386, AN500, AN505, AN547) as QEMU models them. They
// differ in addresses only, which the board file gives: UART is a CMSDK APB UART; clock and trigger
// pins are those of the FPGA I/O block (its counter, and its LEDs).
//
// The machines have no flash: the slot region is RAM that is treated as flash would have to be.

#include "../cortex-m/boot.h"
#include "../cortex-m/wake.h"
#include "../cortex-m/wide_clock.h"
#include "shunt_board.h"
#include "shunt_port.h"
#include "shunt_ram_flash.h"

// CMSDK APB UART.
typedef struct uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t ctrl;
    volatile uint32_t interrupts; // write 1 to clear
    volatile uint32_t divider;
} uart_t;

enum {
    UART_TX_FULL = 1u << 0,
    UART_RX_FULL = 1u << 1,
    UART_RX_OVERRUN = 1u << 3,
    UART_TX_ENABLE = 1u << 0,
    UART_RX_ENABLE = 1u << 1,
    UART_RX_INTERRUPT_ENABLE = 1u << 3,
    UART_RX_INTERRUPT = 1u << 1
};

// FPGA I/O block.
typedef struct fpga_io {
    volatile uint32_t leds;
    uint32_t reserved[4];
    volatile uint32_t clock_100hz; // counts up, 32 bits
    volatile uint32_t counter;     // counts up at the peripheral clock, 32 bits
    volatile uint32_t prescaler;   // clocks per count of `counter`, minus 1
} fpga_io_t;

static uart_t *const uart = (uart_t *)SHUNT_UART_BASE;
static fpga_io_t *const timer = (fpga_io_t *)SHUNT_TIMER_BASE;
static fpga_io_t *const pins = (fpga_io_t *)SHUNT_GPIO_BASE;

enum { FLASH_ERASE_BYTES = 4096, FLASH_WRITE_BYTES = 8 };

static uint32_t overruns;

void shunt_port_init(void) {
    shunt_count_boot();
    pins->leds = 0;
    timer->prescaler = 0;
    uart->divider = SHUNT_UART_CLOCK_HZ / SHUNT_BAUD;
    uart->ctrl = UART_TX_ENABLE | UART_RX_ENABLE | UART_RX_INTERRUPT_ENABLE;
    shunt_wake_enable();
}

uint64_t shunt_port_ticks(void) {
    // The counter wraps after minutes; the clock beside it runs at 100 Hz.
    static shunt_wide_clock_t clock;
    const uint32_t now = timer->counter;
    return shunt_wide_clock_read(&clock, now, UINT32_MAX, timer->clock_100hz, UINT32_MAX,
                                 SHUNT_TIMER_HZ / 100u);
}

size_t shunt_port_uart_read(uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    uint32_t state;
    while (count < capacity && ((state = uart->state) & UART_RX_FULL) != 0) {
        if ((state & UART_RX_OVERRUN) != 0) {
            uart->state = UART_RX_OVERRUN;
            overruns++;
        }
        bytes[count++] = (uint8_t)uart->data;
    }
    return count;
}

size_t shunt_port_uart_write(const uint8_t *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count && (uart->state & UART_TX_FULL) == 0) {
        uart->data = bytes[sent++];
    }
    return sent;
}

bool shunt_port_uart_idle(void) {
    return (uart->state & UART_TX_FULL) == 0;
}

uint32_t shunt_port_uart_overruns(void) {
    return overruns;
}

void shunt_port_wait(void) {
    // Sleeping matters to the emulator: a core that polls a device keeps it from looking at the
    // line.
    uart->interrupts = UART_RX_INTERRUPT;
    shunt_wake_clear();
    if ((uart->state & UART_RX_FULL) == 0) {
        shunt_wake_wait();
    }
}

// Interrupts wake the core and are never taken (wake.h): they are off for good since reset.
void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

void shunt_port_trigger_write(uint32_t levels) {
    pins->leds = levels;
}

static uint8_t *slot_byte(uint32_t offset) {
    return (uint8_t *)SHUNT_SLOT_ORIGIN + offset;
}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    shunt_ram_flash_erase(slot_byte(offset), FLASH_ERASE_BYTES);
    return true;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    return shunt_ram_flash_write(slot_byte(offset), bytes, count);
}

const shunt_flash_t *shunt_port_flash(void) {
    static const shunt_flash_t flash = {
        .base = (const uint8_t *)SHUNT_SLOT_ORIGIN,
        .address = SHUNT_SLOT_ORIGIN,
        .bytes = SHUNT_SLOT_BYTES,
        .erase_bytes = FLASH_ERASE_BYTES,
        .write_bytes = FLASH_WRITE_BYTES,
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

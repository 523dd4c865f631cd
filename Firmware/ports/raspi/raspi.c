// SPDX-License-Identifier: Apache-2.0
//
// Raspberry Pi 3 Model B, bare metal: kernel8.img on the card's boot partition, or QEMU's raspi3b.
// The link is the PL011 on header pins 8 (out) and 10 (in); on a board that gives it to Bluetooth,
// config.txt says dtoverlay=disable-bt. Trigger pins 0, 1 and 2 are GPIO 16, 20 and 21: header pins
// 36, 38 and 40.
//
// The boot loader enters at 0x80000, at EL2, with the other cores waiting for an address each.
#include "../cortex-a/cortex_a.h"
#include "../cortex-a/pl011.h"
#include "mailbox.h"
#include "raspi_map.h"
#include "shunt_board.h"
#include "shunt_port.h"

#define GPIO_FUNCTION(pin) RASPI_REGISTER(SHUNT_GPIO_BASE + 4 * ((pin) / 10))
#define GPIO_SET RASPI_REGISTER(SHUNT_GPIO_BASE + 0x1C)
#define GPIO_CLEAR RASPI_REGISTER(SHUNT_GPIO_BASE + 0x28)
enum { FUNCTION_OUTPUT = 1, FUNCTION_ALTERNATE_0 = 4, FUNCTION_MASK = 7 };
enum { PIN_TX = 14, PIN_RX = 15, PIN_TRIGGER_0 = 16, PIN_TRIGGER_1 = 20, PIN_TRIGGER_2 = 21 };

#define INTERRUPTS_2_ENABLE RASPI_REGISTER(RASPI_INTERRUPT_BASE + 0x14)
enum { UART_INTERRUPT = 57 };

#define POWER_RESET_CONTROL RASPI_REGISTER(RASPI_POWER_BASE + 0x1C)
#define POWER_RESET_STATUS RASPI_REGISTER(RASPI_POWER_BASE + 0x20)
#define POWER_WATCHDOG RASPI_REGISTER(RASPI_POWER_BASE + 0x24)
#define POWER_PASSWORD 0x5A000000u
enum {
    RESET_CONTROL_MASK = 0x30,
    RESET_CONTROL_FULL = 0x20,
    RESET_STATUS_PARTITION = 0x555, // where to start from, the last being "stay off"
    WATCHDOG_TICKS = 10             // of 15 us
};

// The boot loader's table: where cores 1 to 3 wait for an address.
enum { SPIN_TABLE = 0xE0, OTHER_CORES = 3 };

// A board's boot loader states this rate, an emulator another one.
#define BOARD_COUNTER_HZ UINT64_C(19200000)

// Mailbox and interrupts; UART and pins; the watchdog shares the first's two megabytes.
const uint32_t shunt_cortex_a_devices[] = {RASPI_MAILBOX_BASE, SHUNT_UART_BASE, SHUNT_GPIO_BASE};
const size_t shunt_cortex_a_device_count = sizeof shunt_cortex_a_devices / sizeof(uint32_t);

void shunt_cortex_a_before_mmu(void) {
    uintptr_t address = SPIN_TABLE;
    __asm volatile("" : "+r"(address)); // so low that compilers take it for a null pointer
    volatile uint64_t *table = (volatile uint64_t *)address;
    for (int i = 0; i < OTHER_CORES; i++) {
        table[i] = (uint64_t)(uintptr_t)shunt_cortex_a_park;
    }
    __asm volatile("dsb sy\n\tsev" ::: "memory");
}

static void set_function(uint32_t pin, uint32_t function) {
    const uint32_t shift = 3 * (pin % 10);
    GPIO_FUNCTION(pin) = (GPIO_FUNCTION(pin) & ~((uint32_t)FUNCTION_MASK << shift)) | function
                                                                                          << shift;
}

void shunt_port_init(void) {
    shunt_port_boot_counter();
    set_function(PIN_TX, FUNCTION_ALTERNATE_0);
    set_function(PIN_RX, FUNCTION_ALTERNATE_0);
    set_function(PIN_TRIGGER_0, FUNCTION_OUTPUT);
    set_function(PIN_TRIGGER_1, FUNCTION_OUTPUT);
    set_function(PIN_TRIGGER_2, FUNCTION_OUTPUT);
    shunt_port_trigger_write(0);
    shunt_raspi_set_clock(RASPI_CLOCK_ARM, SHUNT_CLOCK_HZ);
    const uint32_t uart_hz = shunt_raspi_set_clock(RASPI_CLOCK_UART, SHUNT_UART_CLOCK_HZ);
    shunt_pl011_init(uart_hz != 0 ? uart_hz : SHUNT_UART_CLOCK_HZ);
    INTERRUPTS_2_ENABLE = 1u << UART_INTERRUPT % 32;
}

bool shunt_port_ticks_are_emulated(void) {
    return shunt_cortex_a_counter_hz() != BOARD_COUNTER_HZ;
}

void shunt_port_trigger_write(uint32_t levels) {
    // From one phase to the next only one pin changes: that takes one of the two stores.
    const uint32_t high = (levels & 1u) << PIN_TRIGGER_0 | (levels >> 1 & 1u) << PIN_TRIGGER_1 |
                          (levels >> 2 & 1u) << PIN_TRIGGER_2;
    const uint32_t all = 1u << PIN_TRIGGER_0 | 1u << PIN_TRIGGER_1 | 1u << PIN_TRIGGER_2;
    GPIO_CLEAR = all & ~high;
    GPIO_SET = high;
}

_Noreturn void shunt_port_reset(void) {
    POWER_RESET_STATUS =
        POWER_PASSWORD | (POWER_RESET_STATUS & ~(uint32_t)RESET_STATUS_PARTITION & 0xFFFFFFu);
    POWER_WATCHDOG = POWER_PASSWORD | WATCHDOG_TICKS;
    POWER_RESET_CONTROL = POWER_PASSWORD |
                          (POWER_RESET_CONTROL & ~(uint32_t)RESET_CONTROL_MASK & 0xFFFFFFu) |
                          RESET_CONTROL_FULL;
    for (;;) {
    }
}

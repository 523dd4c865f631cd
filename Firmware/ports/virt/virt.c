// SPDX-License-Identifier: Apache-2.0
//
// QEMU's machine `virt`, which exists nowhere else: PL011, interrupt controller (GICv2) and GPIO
// (PL061, whose lines 0 to 2 are the trigger pins; 3 is the machine's power button). It is entered
// at EL1 with PSCI behind HVC.
#include "../cortex-a/cortex_a.h"
#include "../cortex-a/pl011.h"
#include "shunt_board.h"
#include "shunt_port.h"

// Addresses of hw/arm/virt.c that no board file needs to know.
enum { GIC_BASE = 0x08000000, GIC_CPU_BASE = GIC_BASE + 0x10000, UART_INTERRUPT = 33 };

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define GICD_CONTROL REGISTER(GIC_BASE)
#define GICD_ENABLE(interrupt) REGISTER(GIC_BASE + 0x100 + 4 * ((interrupt) / 32))
#define GICD_TARGETS(interrupt) REGISTER(GIC_BASE + 0x800 + 4 * ((interrupt) / 4))
#define GICC_CONTROL REGISTER(GIC_CPU_BASE)
#define GICC_PRIORITY_MASK REGISTER(GIC_CPU_BASE + 4)

enum { TRIGGER_PINS = 7 };
#define GPIO_TRIGGER_DATA REGISTER(SHUNT_GPIO_BASE + 4 * TRIGGER_PINS) // only these lines
#define GPIO_DIRECTION REGISTER(SHUNT_GPIO_BASE + 0x400)

#define PSCI_SYSTEM_RESET UINT64_C(0x84000009)

const uint32_t shunt_cortex_a_devices[] = {GIC_BASE, SHUNT_UART_BASE, SHUNT_GPIO_BASE};
const size_t shunt_cortex_a_device_count = sizeof shunt_cortex_a_devices / sizeof(uint32_t);

void shunt_cortex_a_before_mmu(void) {}

static void route_interrupt(void) {
    GICD_TARGETS(UART_INTERRUPT) |= 1u << 8 * (UART_INTERRUPT % 4);
    GICD_ENABLE(UART_INTERRUPT) = 1u << UART_INTERRUPT % 32;
    GICD_CONTROL = 1;
    GICC_PRIORITY_MASK = 0xff;
    GICC_CONTROL = 1;
}

void shunt_port_init(void) {
    shunt_port_boot_counter();
    GPIO_DIRECTION |= TRIGGER_PINS;
    GPIO_TRIGGER_DATA = 0;
    shunt_pl011_init(SHUNT_UART_CLOCK_HZ);
    route_interrupt();
}

bool shunt_port_ticks_are_emulated(void) {
    return SHUNT_TICKS_ARE_EMULATED;
}

void shunt_port_trigger_write(uint32_t levels) {
    GPIO_TRIGGER_DATA = levels;
}

_Noreturn void shunt_port_reset(void) {
    register uint64_t function __asm("x0") = PSCI_SYSTEM_RESET;
    __asm volatile("dsb sy\n\thvc #0" ::"r"(function) : "memory");
    for (;;) {
    }
}

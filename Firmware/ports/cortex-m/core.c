// SPDX-License-Identifier: Apache-2.0
//
// The part of the port contract that the core itself fulfils.
#include "shunt_board.h"
#include "shunt_port.h"

// From the linker script.
extern uint8_t shunt_ld_stack_low[];
extern uint8_t shunt_ld_data_start[], shunt_ld_data_end[];
extern uint8_t shunt_ld_bss_start[], shunt_ld_bss_end[];

// Application interrupt and reset control register of the system control block.
#define AIRCR (*(volatile uint32_t *)0xE000ED0Cu)
#define AIRCR_KEY 0x05FA0000u
#define AIRCR_SYSRESETREQ 0x4u

bool shunt_port_ticks_are_emulated(void) {
    return SHUNT_TICKS_ARE_EMULATED;
}

_Noreturn void shunt_port_reset(void) {
    __asm volatile("dsb" ::: "memory");
    AIRCR = AIRCR_KEY | AIRCR_SYSRESETREQ;
    for (;;) {
    }
}

uint8_t *shunt_port_stack_low(void) {
    return shunt_ld_stack_low;
}

__attribute__((noinline)) uint8_t *shunt_port_stack_pointer(void) {
    uint8_t *pointer;
    __asm volatile("mov %0, sp" : "=r"(pointer)); // no frame of its own: the caller's
    return pointer;
}

uint32_t shunt_port_static_bytes(void) {
    return (uint32_t)(shunt_ld_data_end - shunt_ld_data_start) +
           (uint32_t)(shunt_ld_bss_end - shunt_ld_bss_start);
}

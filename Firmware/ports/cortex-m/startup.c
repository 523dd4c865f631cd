// SPDX-License-Identifier: Apache-2.0
//
// From reset to the firmware, on any Cortex-M. Interrupts are off from here on and no port takes
// any, so that every vector but reset is a fault.
#include "shunt_firmware.h"
#include "shunt_port.h"

// From the linker script.
extern uint32_t shunt_ld_stack_high[];
extern const uint32_t shunt_ld_data_load[];
extern uint32_t shunt_ld_data_start[], shunt_ld_data_end[];
extern uint32_t shunt_ld_bss_start[], shunt_ld_bss_end[];

// Configuration and control register of the system control block.
#define CCR (*(volatile uint32_t *)0xE000ED14u)
#define CCR_UNALIGN_TRP 0x8u

// Coprocessor access control register: full access to CP10 and CP11, the floating point unit and
// its vectors.
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define CPACR_CP10_CP11 0x00F00000u

_Noreturn void shunt_reset_handler(void);

/// A fault starts the board anew; the host learns of it from the lost session.
static void on_fault(void) {
    shunt_port_reset();
}

/// Not part of the reset handler: compilers may copy by vectors.
_Noreturn __attribute__((noinline)) static void start(void) {
    // No memcpy: the size of runtime and kernels is measured without what start-up needs.
    const uint32_t *from = shunt_ld_data_load;
    for (uint32_t *to = shunt_ld_data_start; to < shunt_ld_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = shunt_ld_bss_start; to < shunt_ld_bss_end; to++) {
        *to = 0;
    }
    shunt_firmware_main();
}

_Noreturn void shunt_reset_handler(void) {
    __asm volatile("cpsid i" ::: "memory");
#if defined(__ARM_FEATURE_MVE)
    CPACR |= CPACR_CP10_CP11;
    __asm volatile("dsb\n isb" ::: "memory");
#endif
#if defined(__ARM_ARCH_6M__)
    // Armv6-M always faults on an unaligned access. Where its code is executed by a larger core,
    // this makes that core fault too; on Armv6-M the bit is constant.
    CCR |= CCR_UNALIGN_TRP;
#endif
    start();
}

typedef void (*vector_t)(void);

typedef struct vectors {
    void *stack;
    vector_t handlers[15]; // exceptions 1 ... 15
} vectors_t;

extern const vectors_t shunt_vectors;
const vectors_t shunt_vectors __attribute__((section(".vectors"), used)) = {
    .stack = shunt_ld_stack_high,
    .handlers = {shunt_reset_handler, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
                 on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault},
};

// SPDX-License-Identifier: Apache-2.0
//
// What ports of Armv8-A boards share: start-up, memory management, caches, and their half of the
// port contract. A port gives what is declared here as its own.
#ifndef SHUNT_CORTEX_A_H
#define SHUNT_CORTEX_A_H

#include <stddef.h>
#include <stdint.h>

/// Given by the port: addresses of its devices. The two megabytes around each are mapped as device
/// memory; of all other addresses only those of the board file's regions can be accessed.
extern const uint32_t shunt_cortex_a_devices[];

/// Given by the port: how many there are.
extern const size_t shunt_cortex_a_device_count;

/// Given by the port: what must happen while the MMU is off, such as parking other cores. Variables
/// do not have their values yet, and memory accesses must be aligned.
void shunt_cortex_a_before_mmu(void);

/// Where cores other than the first sleep for good; they may be sent there at any exception level.
void shunt_cortex_a_park(void);

/// Builds the page tables and turns MMU and caches on.
void shunt_cortex_a_mmu_on(void);

/// Writes cached bytes to memory, so that they survive a reset, and forgets them, so that what a
/// device writes there is seen.
void shunt_cortex_a_flush(const void *bytes, size_t count);

/// Ticks a second of the counter behind shunt_port_ticks, as the boot loader states it.
static inline uint64_t shunt_cortex_a_counter_hz(void) {
    uint64_t hz;
    __asm volatile("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
}

/// Sleeps until a device asks for attention; returns at once if one does already. Interrupts are
/// masked, so none is taken: it ends when the device is served.
static inline void shunt_cortex_a_sleep(void) {
    __asm volatile("dsb sy\n\twfi" ::: "memory");
}

#endif

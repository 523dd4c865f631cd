// SPDX-License-Identifier: Apache-2.0
//
// Page tables for the low four gigabytes at EL1: blocks of 2 MB, address = physical address. The
// board file's regions are cached memory (code read-only, the rest never executable), the port's
// devices are device memory, and everything else faults: so do null pointers on most boards, and a
// stack that grows out of RAM, whose lowest bytes it has.
//
// This runs with the MMU off, where memory behaves like a device: accesses are aligned
// (-mstrict-align) and by core registers only (cortex-a/port.cmake).
#include "cortex_a.h"
#include "shunt_board.h"

enum { GIGABYTES = 4, BLOCKS = 512, BLOCK_SHIFT = 21, CACHE_LINE_BYTES = 64 };

// Descriptors, by the Armv8-A architecture: 4 KB granule, stage 1.
#define TABLE UINT64_C(3)
#define BLOCK UINT64_C(1)
#define ATTRIBUTES(index) ((uint64_t)(index) << 2)
#define READ_ONLY (UINT64_C(2) << 6)
#define INNER_SHAREABLE (UINT64_C(3) << 8)
#define ACCESSED (UINT64_C(1) << 10)
#define EXECUTE_NEVER (UINT64_C(3) << 53) // at EL1 and at EL0

enum { DEVICE = 0, NORMAL = 1 };
#define MAIR UINT64_C(0xff00) // device-nGnRnE; write-back, allocated on reads and writes

// 32-bit addresses through TTBR0, walks cached and inner shareable, nothing through TTBR1.
#define TCR_ADDRESS_32_BITS UINT64_C(32)
#define TCR_WALKS_CACHED ((UINT64_C(1) << 8) | (UINT64_C(1) << 10) | (UINT64_C(3) << 12))
#define TCR_NO_TTBR1 (UINT64_C(1) << 23)

// Reserved bits, and: MMU, data cache, check of SP alignment, instruction cache.
#define SCTLR_ON UINT64_C(0x30d00800)
#define SCTLR_MMU_AND_CACHES ((UINT64_C(1) << 0) | (1u << 2) | (1u << 3) | (1u << 12))

// Not cleared with .bss: they are in use by then.
static uint64_t gigabytes[GIGABYTES] __attribute__((section(".noinit"), aligned(64)));
static uint64_t blocks[GIGABYTES * BLOCKS] __attribute__((section(".noinit"), aligned(4096)));

static void map(uint32_t origin, uint32_t bytes, uint64_t properties) {
    if (bytes == 0) {
        return;
    }
    const uint32_t last = (uint32_t)((origin + (uint64_t)bytes - 1) >> BLOCK_SHIFT);
    for (uint32_t block = origin >> BLOCK_SHIFT; block <= last; block++) {
        blocks[block] = ((uint64_t)block << BLOCK_SHIFT) | BLOCK | ACCESSED | properties;
    }
}

static void build(void) {
    for (uint32_t i = 0; i < GIGABYTES * BLOCKS; i++) {
        blocks[i] = 0;
    }
    for (uint32_t i = 0; i < GIGABYTES; i++) {
        gigabytes[i] = (uint64_t)(uintptr_t)(blocks + i * BLOCKS) | TABLE;
    }
    const uint64_t memory = ATTRIBUTES(NORMAL) | INNER_SHAREABLE | EXECUTE_NEVER;
    map(SHUNT_RAM_ORIGIN, SHUNT_RAM_BYTES, memory);
    map(SHUNT_SLOT_ORIGIN, SHUNT_SLOT_BYTES, memory);
    map(SHUNT_BATCH_ORIGIN, SHUNT_BATCH_BYTES, memory);
    map(SHUNT_CODE_ORIGIN, SHUNT_CODE_BYTES, ATTRIBUTES(NORMAL) | INNER_SHAREABLE | READ_ONLY);
    for (size_t i = 0; i < shunt_cortex_a_device_count; i++) {
        map(shunt_cortex_a_devices[i], 1, ATTRIBUTES(DEVICE) | EXECUTE_NEVER);
    }
}

void shunt_cortex_a_mmu_on(void) {
    build();
    const uint64_t tcr = TCR_ADDRESS_32_BITS | TCR_WALKS_CACHED | TCR_NO_TTBR1;
    __asm volatile("msr mair_el1, %0\n\t"
                   "msr tcr_el1, %1\n\t"
                   "msr ttbr0_el1, %2\n\t"
                   "dsb sy\n\t"
                   "tlbi vmalle1\n\t"
                   "ic iallu\n\t"
                   "dsb sy\n\t"
                   "isb\n\t"
                   "msr sctlr_el1, %3\n\t"
                   "isb"
                   :
                   : "r"(MAIR), "r"(tcr), "r"((uint64_t)(uintptr_t)gigabytes),
                     "r"(SCTLR_ON | SCTLR_MMU_AND_CACHES)
                   : "memory");
}

void shunt_cortex_a_flush(const void *bytes, size_t count) {
    const uintptr_t end = (uintptr_t)bytes + count;
    for (uintptr_t line = (uintptr_t)bytes & ~(uintptr_t)(CACHE_LINE_BYTES - 1); line < end;
         line += CACHE_LINE_BYTES) {
        __asm volatile("dc civac, %0" ::"r"(line) : "memory");
    }
    __asm volatile("dsb sy" ::: "memory");
}

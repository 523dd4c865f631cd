// SPDX-License-Identifier: Apache-2.0
#include "boot.h"

#include "shunt_port.h"

enum { BOOT_MAGIC = 0x424F4F54 };

// Survives a reset, unlike .bss.
static struct {
    uint32_t magic;
    uint32_t resets;
} record __attribute__((section(".noinit")));

static uint32_t resets;

void shunt_count_boot(void) {
    resets = record.magic == BOOT_MAGIC ? record.resets + 1 : 0;
    record.magic = BOOT_MAGIC;
    record.resets = resets;
}

uint32_t shunt_port_boot_counter(void) {
    return resets;
}

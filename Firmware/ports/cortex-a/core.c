// SPDX-License-Identifier: Apache-2.0
//
// The part of the port contract that core and memory fulfil: clock, stack, model slots and batch
// region. The slots are RAM that is treated as flash would have to be.

#include "cortex_a.h"
#include "shunt_board.h"
#include "shunt_port.h"
#include "shunt_ram_flash.h"

// From the linker script.
extern uint8_t shunt_ld_stack_low[];
extern uint8_t shunt_ld_data_start[], shunt_ld_data_end[];
extern uint8_t shunt_ld_bss_start[], shunt_ld_bss_end[];

enum { FLASH_ERASE_BYTES = 4096, FLASH_WRITE_BYTES = 8, BOOT_MAGIC = 0x424F4F54 };

// Survives a reset, unlike .bss.
static struct {
    uint32_t magic;
    uint32_t resets;
} boot_record __attribute__((section(".noinit"), aligned(64)));

uint32_t shunt_port_boot_counter(void) {
    static bool is_counted;
    if (!is_counted) {
        is_counted = true;
        boot_record.resets = boot_record.magic == BOOT_MAGIC ? boot_record.resets + 1 : 0;
        boot_record.magic = BOOT_MAGIC;
        shunt_cortex_a_flush(&boot_record, sizeof boot_record);
    }
    return boot_record.resets;
}

uint64_t shunt_port_ticks(void) {
    uint64_t count;
    __asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count)::"memory");
    const uint64_t hz = shunt_cortex_a_counter_hz();
    // The counter's rate is the boot loader's choice, and an emulator's differs from the board's.
    return count / hz * SHUNT_TIMER_HZ + count % hz * SHUNT_TIMER_HZ / hz;
}

// Interrupts wake the core and are never taken: they are masked for good since reset.
void shunt_port_interrupts_off(void) {}

void shunt_port_interrupts_on(void) {}

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

static uint8_t *slot_byte(uint32_t offset) {
    return (uint8_t *)(uintptr_t)SHUNT_SLOT_ORIGIN + offset;
}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    shunt_ram_flash_erase(slot_byte(offset), FLASH_ERASE_BYTES);
    shunt_cortex_a_flush(slot_byte(offset), FLASH_ERASE_BYTES);
    return true;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    if (!shunt_ram_flash_write(slot_byte(offset), bytes, count)) {
        return false;
    }
    shunt_cortex_a_flush(slot_byte(offset), count);
    return true;
}

const shunt_flash_t *shunt_port_flash(void) {
    static const shunt_flash_t flash = {
        .base = (const uint8_t *)(uintptr_t)SHUNT_SLOT_ORIGIN,
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
    return (uint8_t *)(uintptr_t)SHUNT_BATCH_ORIGIN;
}

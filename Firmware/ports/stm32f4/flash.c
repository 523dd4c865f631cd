// SPDX-License-Identifier: Apache-2.0
//
// Flash of the STM32F405 and F407 (RM0090): the slots lie in its sectors of 128 KB, from sector 5
// on. Words are written at 2.7 V or more. The core waits for the flash by itself when it fetches
// code from it.
#include <string.h>

#include "../cortex-m/registers.h"
#include "shunt_board.h"
#include "shunt_port.h"

#define FLASH_ACCESS SHUNT_REGISTER(0x40023C00u)
#define FLASH_KEY SHUNT_REGISTER(0x40023C04u)
#define FLASH_STATUS SHUNT_REGISTER(0x40023C0Cu)
#define FLASH_CONTROL SHUNT_REGISTER(0x40023C10u)

enum {
    ACCESS_DATA_CACHE = 1u << 10,
    ACCESS_DATA_CACHE_RESET = 1u << 12,
    STATUS_DONE = 1u << 0,
    STATUS_ERRORS = 1u << 1 | 0xFu << 4, // write 1 to clear
    STATUS_BUSY = 1u << 16,
    CONTROL_PROGRAM = 1u << 0,
    CONTROL_ERASE_SECTOR = 1u << 1,
    CONTROL_WORDS = 2u << 8,
    CONTROL_START = 1u << 16,
    SECTOR_BYTES = 128 * 1024,
    WRITE_BYTES = 4
};
#define CONTROL_LOCK (1u << 31)
#define SECTOR_5 0x08020000u

_Static_assert(SHUNT_SLOT_ORIGIN >= SECTOR_5 && SHUNT_SLOT_ORIGIN % SECTOR_BYTES == 0 &&
                   SHUNT_ERASE_BYTES == SECTOR_BYTES,
               "slots lie in whole sectors of 128 KB");

/// Waits for the flash, whose longest operation takes 2 s.
static bool finished(void) {
    const uint64_t start = shunt_port_ticks();
    while ((FLASH_STATUS & STATUS_BUSY) != 0) {
        if (shunt_port_ticks() - start > 4ull * SHUNT_TIMER_HZ) {
            return false;
        }
    }
    return (FLASH_STATUS & STATUS_ERRORS) == 0;
}

static void unlock(uint32_t control) {
    if ((FLASH_CONTROL & CONTROL_LOCK) != 0) {
        FLASH_KEY = 0x45670123u;
        FLASH_KEY = 0xCDEF89ABu;
    }
    FLASH_STATUS = STATUS_DONE | STATUS_ERRORS;
    FLASH_CONTROL = control;
}

/// Ends an operation: the data cache may still hold what stood in flash before.
static void lock(void) {
    FLASH_CONTROL = CONTROL_LOCK;
    FLASH_ACCESS &= ~(uint32_t)ACCESS_DATA_CACHE;
    FLASH_ACCESS |= ACCESS_DATA_CACHE_RESET;
    FLASH_ACCESS &= ~(uint32_t)ACCESS_DATA_CACHE_RESET;
    FLASH_ACCESS |= ACCESS_DATA_CACHE;
}

static volatile uint32_t *slot_word(uint32_t offset) {
    return (volatile uint32_t *)(SHUNT_SLOT_ORIGIN + offset);
}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    const uint32_t sector = 5u + (SHUNT_SLOT_ORIGIN - SECTOR_5 + offset) / SECTOR_BYTES;
    const uint32_t control = CONTROL_ERASE_SECTOR | CONTROL_WORDS | sector << 3;
    unlock(control);
    FLASH_CONTROL = control | CONTROL_START;
    bool good = finished();
    lock();
    for (uint32_t i = 0; i < SECTOR_BYTES && good; i += WRITE_BYTES) {
        good = *slot_word(offset + i) == UINT32_MAX;
    }
    return good;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    unlock(CONTROL_PROGRAM | CONTROL_WORDS);
    bool good = true;
    for (uint32_t i = 0; i < count && good; i += WRITE_BYTES) {
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        good = *slot_word(offset + i) == UINT32_MAX;
        if (good) {
            *slot_word(offset + i) = word;
            good = finished();
        }
    }
    lock();
    return good && memcmp((const void *)(SHUNT_SLOT_ORIGIN + offset), bytes, count) == 0;
}

const shunt_flash_t *shunt_port_flash(void) {
    static const shunt_flash_t flash = {
        .base = (const uint8_t *)SHUNT_SLOT_ORIGIN,
        .address = SHUNT_SLOT_ORIGIN,
        .bytes = SHUNT_SLOT_BYTES,
        .erase_bytes = SHUNT_ERASE_BYTES,
        .write_bytes = WRITE_BYTES,
        .erase = flash_erase,
        .write = flash_write,
    };
    return &flash;
}

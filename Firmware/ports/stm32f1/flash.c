// SPDX-License-Identifier: Apache-2.0
//
// Flash of the STM32F1 (PM0063): pages, written by half-words. The core waits for the flash by
// itself when it fetches code from it.
#include "../cortex-m/registers.h"
#include "shunt_board.h"
#include "shunt_port.h"

#define FLASH_KEY SHUNT_REGISTER(0x40022004u)
#define FLASH_STATUS SHUNT_REGISTER(0x4002200Cu)
#define FLASH_CONTROL SHUNT_REGISTER(0x40022010u)
#define FLASH_ADDRESS SHUNT_REGISTER(0x40022014u)

enum {
    STATUS_BUSY = 1u << 0,
    STATUS_PROGRAM_ERROR = 1u << 2,
    STATUS_PROTECTED = 1u << 4,
    STATUS_DONE = 1u << 5,
    STATUS_FLAGS = STATUS_PROGRAM_ERROR | STATUS_PROTECTED | STATUS_DONE, // write 1 to clear
    CONTROL_PROGRAM = 1u << 0,
    CONTROL_ERASE_PAGE = 1u << 1,
    CONTROL_START = 1u << 6,
    CONTROL_LOCK = 1u << 7,
    WRITE_BYTES = 2,
    ERASED = 0xFFFF
};

/// Waits for the flash, whose longest operation takes 40 ms.
static bool finished(void) {
    const uint64_t start = shunt_port_ticks();
    while ((FLASH_STATUS & STATUS_BUSY) != 0) {
        if (shunt_port_ticks() - start > SHUNT_TIMER_HZ / 5u) {
            return false;
        }
    }
    return (FLASH_STATUS & (STATUS_PROGRAM_ERROR | STATUS_PROTECTED)) == 0;
}

static void unlock(uint32_t control) {
    if ((FLASH_CONTROL & CONTROL_LOCK) != 0) {
        FLASH_KEY = 0x45670123u;
        FLASH_KEY = 0xCDEF89ABu;
    }
    FLASH_STATUS = STATUS_FLAGS;
    FLASH_CONTROL = control;
}

static volatile uint16_t *slot_half_word(uint32_t offset) {
    return (volatile uint16_t *)(SHUNT_SLOT_ORIGIN + offset);
}

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    unlock(CONTROL_ERASE_PAGE);
    FLASH_ADDRESS = SHUNT_SLOT_ORIGIN + offset;
    FLASH_CONTROL = CONTROL_ERASE_PAGE | CONTROL_START;
    bool good = finished();
    FLASH_CONTROL = CONTROL_LOCK;
    for (uint32_t i = 0; i < SHUNT_ERASE_BYTES && good; i += WRITE_BYTES) {
        good = *slot_half_word(offset + i) == ERASED;
    }
    return good;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    unlock(CONTROL_PROGRAM);
    bool good = true;
    for (uint32_t i = 0; i < count && good; i += WRITE_BYTES) {
        volatile uint16_t *target = slot_half_word(offset + i);
        const uint16_t value = (uint16_t)(bytes[i] | bytes[i + 1] << 8);
        good = *target == ERASED;
        if (good) {
            *target = value;
            good = finished() && *target == value;
        }
    }
    FLASH_CONTROL = CONTROL_LOCK;
    return good;
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

// SPDX-License-Identifier: Apache-2.0
//
// RAM that is treated as flash would have to be: a byte is written once between two erasures.
#ifndef SHUNT_RAM_FLASH_H
#define SHUNT_RAM_FLASH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// Erases `count` bytes.
static inline void shunt_ram_flash_erase(uint8_t *target, uint32_t count) {
    memset(target, 0xFF, count);
}

/// Writes `count` bytes; returns false, and writes nothing, if one of their places is not erased.
static inline bool shunt_ram_flash_write(uint8_t *target, const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (target[i] != 0xFF) {
            return false;
        }
    }
    memcpy(target, bytes, count);
    return true;
}

#endif

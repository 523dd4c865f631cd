// SPDX-License-Identifier: Apache-2.0
//
// Flash of the nRF51 through its memory controller (NVMC). The core stands still while a word is
// written or a page erased, so that the code may lie in the same flash.
#include <string.h>

#include "../cortex-m/registers.h"
#include "shunt_board.h"
#include "shunt_port.h"

#define NVMC_READY SHUNT_REGISTER(0x4001E400u)
#define NVMC_CONFIG SHUNT_REGISTER(0x4001E504u)
#define NVMC_ERASE_PAGE SHUNT_REGISTER(0x4001E508u)

enum { CONFIG_READ = 0, CONFIG_WRITE = 1, CONFIG_ERASE = 2, WRITE_BYTES = 4 };

static bool flash_erase(void *context, uint32_t offset) {
    (void)context;
    NVMC_CONFIG = CONFIG_ERASE;
    NVMC_ERASE_PAGE = SHUNT_SLOT_ORIGIN + offset;
    const bool done = shunt_wait_for(&NVMC_READY, 1, 1);
    NVMC_CONFIG = CONFIG_READ;
    return done;
}

static bool flash_write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    NVMC_CONFIG = CONFIG_WRITE;
    bool good = true;
    for (uint32_t i = 0; i < count && good; i += WRITE_BYTES) {
        volatile uint32_t *target = (volatile uint32_t *)(SHUNT_SLOT_ORIGIN + offset + i);
        uint32_t word;
        memcpy(&word, bytes + i, sizeof word);
        good = *target == UINT32_MAX;
        if (good) {
            *target = word;
            good = shunt_wait_for(&NVMC_READY, 1, 1) && *target == word;
        }
    }
    NVMC_CONFIG = CONFIG_READ;
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

// SPDX-License-Identifier: Apache-2.0
#include "shunt_slots.h"

#include <string.h>

#include "shunt.h"

enum {
    HALVES = 2,
    BOTH = 2,                  // slot number of single-slot mode
    RECORD_MAGIC = 0x544C5331, // "1SLT"
    RECORD_BYTES = 32,         // a multiple of any write unit
    MAX_WRITE_BYTES = 32
};

// Stands at the start of its erase unit.
typedef struct record {
    uint32_t magic;
    uint32_t generation;
    uint32_t blob_bytes;
    uint32_t blob_crc;
    uint32_t slot;
    uint32_t reserved[2];
    uint32_t crc; // of the bytes before it
} record_t;

_Static_assert(sizeof(record_t) == RECORD_BYTES, "layout");

static uint32_t slot_start(const shunt_slots_t *slots, uint32_t slot) {
    return slot == 1 ? slots->half_bytes : 0;
}

static uint32_t slot_capacity(const shunt_slots_t *slots, uint32_t slot) {
    return slot == BOTH ? HALVES * slots->half_bytes : slots->half_bytes;
}

/// Records stand behind the halves; the one of a blob over both is half 1's.
static uint32_t record_offset(const shunt_slots_t *slots, uint32_t slot) {
    const uint32_t first = HALVES * slots->half_bytes;
    return slot == 0 ? first : first + slots->flash->erase_bytes;
}

/// Reads record `index`; the second may speak for half 1 or for both.
static bool read_record(const shunt_slots_t *slots, uint32_t index, record_t *record) {
    memcpy(record, slots->flash->base + record_offset(slots, index), sizeof *record);
    if (record->magic != RECORD_MAGIC ||
        record->crc != shunt_crc32(0, record, offsetof(record_t, crc))) {
        return false;
    }
    const bool speaks_here = record->slot == index || (record->slot == BOTH && index == 1);
    return speaks_here && record->blob_bytes > 0 &&
           record->blob_bytes <= slot_capacity(slots, record->slot);
}

static bool blob_intact(const shunt_slots_t *slots, const record_t *record) {
    const uint8_t *blob = slots->flash->base + slot_start(slots, record->slot);
    return shunt_crc32(0, blob, record->blob_bytes) == record->blob_crc;
}

static void adopt(shunt_slots_t *slots, const record_t *record) {
    slots->newest = (shunt_slots_blob_t){
        .blob = slots->flash->base + slot_start(slots, record->slot),
        .bytes = record->blob_bytes,
        .crc = record->blob_crc,
    };
    slots->newest_slot = (uint8_t)record->slot;
    slots->generation = record->generation;
}

void shunt_slots_init(shunt_slots_t *slots, const shunt_flash_t *flash) {
    *slots = (shunt_slots_t){.flash = flash};
    const uint32_t units = flash->bytes / flash->erase_bytes;
    if (units < 2 * HALVES) { // no room for two blobs and their records
        return;
    }
    slots->half_bytes = (units - HALVES) / HALVES * flash->erase_bytes;
    for (uint32_t index = 0; index < HALVES; index++) {
        const bool have_one = slots->newest.blob != NULL;
        record_t record;
        if (read_record(slots, index, &record) &&
            (!have_one || (int32_t)(record.generation - slots->generation) > 0) &&
            blob_intact(slots, &record)) {
            adopt(slots, &record);
        }
    }
}

shunt_slots_blob_t shunt_slots_newest(const shunt_slots_t *slots) {
    return slots->newest;
}

uint32_t shunt_slots_capacity(const shunt_slots_t *slots, bool single) {
    return slot_capacity(slots, single ? BOTH : 0);
}

void shunt_slots_abandon(shunt_slots_t *slots) {
    slots->transfer_open = false;
}

/// Erases `bytes` bytes from `offset`, both multiples of the erase unit.
static bool erase(const shunt_slots_t *slots, uint32_t offset, uint32_t bytes) {
    const shunt_flash_t *flash = slots->flash;
    for (uint32_t done = 0; done < bytes; done += flash->erase_bytes) {
        if (!flash->erase(flash->context, offset + done)) {
            return false;
        }
    }
    return true;
}

/// Forgets the newest blob, whose bytes are about to go.
static bool forget_newest(shunt_slots_t *slots) {
    const uint32_t unit = slots->flash->erase_bytes;
    const uint32_t last = slots->newest_slot == 0 ? 0 : 1;
    slots->newest = (shunt_slots_blob_t){0};
    slots->newest_slot = 0;
    // The newest record goes last, or a cut in between would bring back the blob before it.
    return erase(slots, record_offset(slots, 1 - last), unit) &&
           erase(slots, record_offset(slots, last), unit);
}

/// Erases a slot for a blob: its record first, then as much as is needed.
static bool clear(shunt_slots_t *slots, uint32_t slot, uint32_t blob_bytes) {
    const uint32_t unit = slots->flash->erase_bytes;
    const uint32_t units = blob_bytes / unit + (blob_bytes % unit != 0);
    if ((slot == BOTH || slots->newest_slot == BOTH) && !forget_newest(slots)) {
        return false;
    }
    return erase(slots, record_offset(slots, slot), unit) &&
           erase(slots, slot_start(slots, slot), units * unit);
}

shunt_slots_status_t shunt_slots_begin(shunt_slots_t *slots, uint32_t bytes, uint32_t crc,
                                       bool single, uint32_t *slot, uint32_t *capacity) {
    const bool have_one = slots->newest.blob != NULL;
    const bool fits_half = bytes <= slot_capacity(slots, 0);
    *slot = fits_half ? (have_one && slots->newest_slot == 0 ? 1 : 0) : BOTH;
    *capacity = shunt_slots_capacity(slots, single && !fits_half);
    slots->transfer_open = false;
    if (bytes == 0 || bytes > *capacity) {
        return SHUNT_SLOTS_ERR_TOO_BIG;
    }
    if (!clear(slots, *slot, bytes)) {
        return SHUNT_SLOTS_ERR_FLASH;
    }
    slots->transfer_open = true;
    slots->transfer_slot = (uint8_t)*slot;
    slots->transfer_bytes = bytes;
    slots->transfer_crc = crc;
    return SHUNT_SLOTS_OK;
}

/// Writes whole units, then a last incomplete one padded as erased flash reads.
static bool program(const shunt_flash_t *flash, uint32_t offset, const uint8_t *bytes,
                    uint32_t count) {
    const uint32_t tail = count % flash->write_bytes;
    const uint32_t whole = count - tail;
    if (whole > 0 && !flash->write(flash->context, offset, bytes, whole)) {
        return false;
    }
    if (tail == 0) {
        return true;
    }
    uint8_t padded[MAX_WRITE_BYTES];
    memset(padded, 0xFF, sizeof padded);
    memcpy(padded, bytes + whole, tail);
    return flash->write(flash->context, offset + whole, padded, flash->write_bytes);
}

shunt_slots_status_t shunt_slots_write(shunt_slots_t *slots, uint32_t offset, const uint8_t *bytes,
                                       uint32_t count) {
    if (!slots->transfer_open) {
        return SHUNT_SLOTS_ERR_STATE;
    }
    if (offset > slots->transfer_bytes || count > slots->transfer_bytes - offset) {
        return SHUNT_SLOTS_ERR_RANGE;
    }
    const shunt_flash_t *flash = slots->flash;
    const bool ends_blob = offset + count == slots->transfer_bytes;
    if (offset % flash->write_bytes != 0 || (count % flash->write_bytes != 0 && !ends_blob)) {
        return SHUNT_SLOTS_ERR_ALIGN;
    }
    const uint32_t at = slot_start(slots, slots->transfer_slot) + offset;
    if (memcmp(flash->base + at, bytes, count) == 0) {
        return SHUNT_SLOTS_OK; // sent again, or bytes that read as erased flash does
    }
    return program(flash, at, bytes, count) ? SHUNT_SLOTS_OK : SHUNT_SLOTS_ERR_FLASH;
}

shunt_slots_status_t shunt_slots_commit(shunt_slots_t *slots, uint32_t *crc) {
    *crc = 0;
    if (!slots->transfer_open) {
        return SHUNT_SLOTS_ERR_STATE;
    }
    const shunt_flash_t *flash = slots->flash;
    const uint32_t slot = slots->transfer_slot;
    *crc = shunt_crc32(0, flash->base + slot_start(slots, slot), slots->transfer_bytes);
    if (*crc != slots->transfer_crc) {
        return SHUNT_SLOTS_ERR_VERIFY;
    }
    record_t record = {
        .magic = RECORD_MAGIC,
        .generation = slots->generation + 1,
        .blob_bytes = slots->transfer_bytes,
        .blob_crc = slots->transfer_crc,
        .slot = slot,
    };
    record.crc = shunt_crc32(0, &record, offsetof(record_t, crc));
    slots->transfer_open = false;
    const uint32_t at = record_offset(slots, slot);
    if (!flash->write(flash->context, at, (const uint8_t *)&record, sizeof record)) {
        return SHUNT_SLOTS_ERR_FLASH;
    }
    if (memcmp(flash->base + at, &record, sizeof record) != 0) {
        return SHUNT_SLOTS_ERR_VERIFY;
    }
    adopt(slots, &record);
    return SHUNT_SLOTS_OK;
}

// SPDX-License-Identifier: Apache-2.0
//
// Model slots: blobs in flash, safe against a power cut at any instant.
//
// The region is two halves and, behind them, a record for each. A half holds one blob; its record
// says so, and is written after everything else has been read back. The newest valid record wins,
// so a blob that fits into a half replaces the old one in a single write: a cut leaves the old blob
// or the new one. A larger blob needs both halves (single-slot mode): a cut during its transfer
// leaves no blob, never a damaged one. No byte of a blob ever stands where a record is looked for.
//
//     | half 0 ..................... | half 1 ..................... | record 0 | record 1 |
//     | both ...................................................... |          | record 1 |
#ifndef SHUNT_SLOTS_H
#define SHUNT_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "shunt_port.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Outcome of a slot operation.
typedef enum shunt_slots_status {
    SHUNT_SLOTS_OK = 0,
    SHUNT_SLOTS_ERR_STATE = -1,   ///< No transfer is open.
    SHUNT_SLOTS_ERR_TOO_BIG = -2, ///< The blob exceeds what the mode offers.
    SHUNT_SLOTS_ERR_FLASH = -3,   ///< Erasing or writing failed.
    SHUNT_SLOTS_ERR_VERIFY = -4,  ///< What stands in flash is not what was announced.
    SHUNT_SLOTS_ERR_RANGE = -5,   ///< A piece lies outside the announced blob.
    SHUNT_SLOTS_ERR_ALIGN = -6    ///< A piece does not start and end on write units.
} shunt_slots_status_t;

/// A committed blob, or none (`blob` is NULL).
typedef struct shunt_slots_blob {
    const uint8_t *blob; ///< In place, in flash.
    uint32_t bytes;      ///< Its size.
    uint32_t crc;        ///< CRC-32 of all its bytes.
} shunt_slots_blob_t;

/// The slots of one region. The fields are the slots' own.
typedef struct shunt_slots {
    const shunt_flash_t *flash;
    shunt_slots_blob_t newest; ///< What a reset would find.
    uint32_t generation;       ///< Of `newest`; counts up with each commit.
    uint32_t half_bytes;       ///< Size of a half: a multiple of the erase unit.
    uint8_t newest_slot;       ///< 0, 1: the half that holds `newest`; 2: both.
    bool transfer_open;
    uint8_t transfer_slot; ///< As newest_slot.
    uint32_t transfer_bytes, transfer_crc;
} shunt_slots_t;

/// Finds the newest blob whose record and bytes are intact.
/// @param flash Stays in place.
void shunt_slots_init(shunt_slots_t *slots, const shunt_flash_t *flash);

/// The newest committed blob.
shunt_slots_blob_t shunt_slots_newest(const shunt_slots_t *slots);

/// Largest blob of a mode: `single` takes both halves.
uint32_t shunt_slots_capacity(const shunt_slots_t *slots, bool single);

/// Erases room for a blob; a transfer that was open is forgotten.
///
/// A blob that fits into a half never touches the newest one, unless that one takes both halves. A
/// larger one, if `single` allows it, forgets the newest first.
///
/// @param bytes          Size of the blob, at least 1.
/// @param crc            CRC-32 that it must have.
/// @param single         Whether a blob beyond a half may take both.
/// @param[out] slot      0, 1, or 2 for both.
/// @param[out] capacity  Largest blob for this mode; on SHUNT_SLOTS_ERR_TOO_BIG the limit that was
///                       exceeded.
/// @return SHUNT_SLOTS_OK, SHUNT_SLOTS_ERR_TOO_BIG, SHUNT_SLOTS_ERR_FLASH.
shunt_slots_status_t shunt_slots_begin(shunt_slots_t *slots, uint32_t bytes, uint32_t crc,
                                       bool single, uint32_t *slot, uint32_t *capacity);

/// Writes a piece of the announced blob. Writing the same piece again does nothing.
///
/// @param offset Multiple of the flash's write unit.
/// @param bytes  `count` bytes.
/// @param count  Multiple of the write unit, unless the piece ends the blob.
/// @return SHUNT_SLOTS_OK, or ERR_STATE, ERR_RANGE, ERR_ALIGN, ERR_FLASH.
shunt_slots_status_t shunt_slots_write(shunt_slots_t *slots, uint32_t offset, const uint8_t *bytes,
                                       uint32_t count);

/// Reads the blob back and, if its CRC is the announced one, makes it the newest.
///
/// @param[out] crc What was read; 0 if nothing was.
/// @return SHUNT_SLOTS_OK, or ERR_STATE, ERR_VERIFY (the transfer stays open), ERR_FLASH.
shunt_slots_status_t shunt_slots_commit(shunt_slots_t *slots, uint32_t *crc);

/// Forgets an open transfer.
void shunt_slots_abandon(shunt_slots_t *slots);

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
//
// Model slots over a flash whose power fails at every possible instant.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "shunt.h"
#include "shunt_slots.h"

enum { ERASE_BYTES = 64, WRITE_BYTES = 8, UNITS = 12, FLASH_BYTES = ERASE_BYTES * UNITS };

// How much of the operation during which the power fails still happens.
typedef enum tear { TEAR_NOTHING, TEAR_SOME, TEAR_SCRAMBLED, TEAR_ALL, TEARS } tear_t;

typedef struct simulated {
    uint8_t bytes[FLASH_BYTES];
    uint32_t operations; // erases and programming units so far
    uint32_t cut_at;     // the operation during which the power fails
    tear_t tear;
    jmp_buf power_fails;
} simulated_t;

static simulated_t chip;

static uint32_t random_state = 1;

static uint8_t random_byte(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint8_t)(random_state >> 24);
}

/// Does one operation, or the part of it that the power lasts for.
static void operate(uint32_t offset, const uint8_t *wanted, uint32_t count) {
    uint32_t done = count;
    const bool cut = chip.operations++ == chip.cut_at;
    if (cut) {
        done = chip.tear == TEAR_ALL ? count : chip.tear == TEAR_NOTHING ? 0 : count / 2;
    }
    memcpy(chip.bytes + offset, wanted, done);
    if (cut && chip.tear == TEAR_SCRAMBLED) {
        for (uint32_t i = done; i < count; i++) {
            chip.bytes[offset + i] = random_byte();
        }
    }
    if (cut) {
        longjmp(chip.power_fails, 1);
    }
}

static bool erase(void *context, uint32_t offset) {
    (void)context;
    CHECK(offset % ERASE_BYTES == 0 && offset < FLASH_BYTES);
    uint8_t erased[ERASE_BYTES];
    memset(erased, 0xFF, sizeof erased);
    operate(offset, erased, ERASE_BYTES);
    return true;
}

static bool write(void *context, uint32_t offset, const uint8_t *bytes, uint32_t count) {
    (void)context;
    CHECK(offset % WRITE_BYTES == 0 && count % WRITE_BYTES == 0);
    CHECK(offset <= FLASH_BYTES && count <= FLASH_BYTES - offset);
    for (uint32_t i = 0; i < count; i += WRITE_BYTES) {
        for (uint32_t j = 0; j < WRITE_BYTES; j++) {
            if (chip.bytes[offset + i + j] != 0xFF) {
                return false;
            }
        }
        operate(offset + i, bytes + i, WRITE_BYTES);
    }
    return true;
}

static const shunt_flash_t flash = {
    .base = chip.bytes,
    .bytes = FLASH_BYTES,
    .erase_bytes = ERASE_BYTES,
    .write_bytes = WRITE_BYTES,
    .erase = erase,
    .write = write,
};

typedef struct blob {
    uint8_t bytes[FLASH_BYTES];
    uint32_t count;
} blob_t;

static blob_t make_blob(uint32_t count, uint32_t seed) {
    blob_t blob = {.count = count};
    random_state = seed;
    for (uint32_t i = 0; i < count; i++) {
        blob.bytes[i] = random_byte();
    }
    return blob;
}

static uint32_t crc_of(const blob_t *blob) {
    return shunt_crc32(0, blob->bytes, blob->count);
}

static bool holds(const shunt_slots_t *slots, const blob_t *blob) {
    const shunt_slots_blob_t newest = shunt_slots_newest(slots);
    return newest.blob != NULL && newest.bytes == blob->count &&
           memcmp(newest.blob, blob->bytes, blob->count) == 0;
}

static bool holds_none(const shunt_slots_t *slots) {
    return shunt_slots_newest(slots).blob == NULL;
}

/// A whole transfer, in pieces of an odd number of units, some of them sent twice.
static shunt_slots_status_t transfer(shunt_slots_t *slots, const blob_t *blob, bool single) {
    uint32_t slot, capacity, crc;
    shunt_slots_status_t status =
        shunt_slots_begin(slots, blob->count, crc_of(blob), single, &slot, &capacity);
    const uint32_t piece = 5 * WRITE_BYTES;
    for (uint32_t at = 0; status == SHUNT_SLOTS_OK && at < blob->count; at += piece) {
        const uint32_t left = blob->count - at;
        const uint32_t count = left < piece ? left : piece;
        status = shunt_slots_write(slots, at, blob->bytes + at, count);
        if (status == SHUNT_SLOTS_OK && at % 3 == 0) {
            status = shunt_slots_write(slots, at, blob->bytes + at, count);
        }
    }
    return status == SHUNT_SLOTS_OK ? shunt_slots_commit(slots, &crc) : status;
}

static void power_on(shunt_slots_t *slots) {
    chip.cut_at = UINT32_MAX;
    shunt_slots_init(slots, &flash);
}

static void new_chip(uint8_t fill) {
    memset(&chip, 0, sizeof chip);
    memset(chip.bytes, fill, sizeof chip.bytes);
    chip.cut_at = UINT32_MAX;
}

static void an_empty_region_holds_no_blob(void) {
    shunt_slots_t slots;
    for (int fill = 0; fill <= 0xFF; fill += 0xFF) {
        new_chip((uint8_t)fill);
        power_on(&slots);
        CHECK(holds_none(&slots));
    }
}

static void a_committed_blob_survives_a_reset(void) {
    shunt_slots_t slots;
    new_chip(0);
    power_on(&slots);
    for (uint32_t i = 1; i < 9; i++) {
        const blob_t blob = make_blob(i * 31, i);
        CHECK(transfer(&slots, &blob, false) == SHUNT_SLOTS_OK);
        CHECK(holds(&slots, &blob));
        power_on(&slots);
        CHECK(holds(&slots, &blob));
    }
}

static void sizes_beyond_the_mode_are_refused_with_the_limit(void) {
    shunt_slots_t slots;
    new_chip(0);
    power_on(&slots);
    const uint32_t half = shunt_slots_capacity(&slots, false);
    const uint32_t both = shunt_slots_capacity(&slots, true);
    CHECK(half == 5 * ERASE_BYTES && both == 10 * ERASE_BYTES);
    uint32_t slot, capacity;
    CHECK(shunt_slots_begin(&slots, half + 1, 0, false, &slot, &capacity) ==
          SHUNT_SLOTS_ERR_TOO_BIG);
    CHECK(capacity == half);
    CHECK(shunt_slots_begin(&slots, both + 1, 0, true, &slot, &capacity) ==
          SHUNT_SLOTS_ERR_TOO_BIG);
    CHECK(capacity == both);
    CHECK(shunt_slots_begin(&slots, UINT32_MAX, 0, true, &slot, &capacity) ==
          SHUNT_SLOTS_ERR_TOO_BIG);
    CHECK(shunt_slots_begin(&slots, both, 0, true, &slot, &capacity) == SHUNT_SLOTS_OK);
    CHECK(shunt_slots_begin(&slots, half, 0, true, &slot, &capacity) == SHUNT_SLOTS_OK);
    CHECK(capacity == half);
}

static void pieces_outside_or_across_units_are_refused(void) {
    shunt_slots_t slots;
    new_chip(0);
    power_on(&slots);
    const uint8_t bytes[64] = {1};
    uint32_t slot, capacity, crc;
    CHECK(shunt_slots_write(&slots, 0, bytes, 8) == SHUNT_SLOTS_ERR_STATE);
    CHECK(shunt_slots_commit(&slots, &crc) == SHUNT_SLOTS_ERR_STATE);
    CHECK(shunt_slots_begin(&slots, 21, 0, false, &slot, &capacity) == SHUNT_SLOTS_OK);
    CHECK(shunt_slots_write(&slots, 0, bytes, 22) == SHUNT_SLOTS_ERR_RANGE);
    CHECK(shunt_slots_write(&slots, UINT32_MAX - 7, bytes, 16) == SHUNT_SLOTS_ERR_RANGE);
    CHECK(shunt_slots_write(&slots, 4, bytes, 8) == SHUNT_SLOTS_ERR_ALIGN);
    CHECK(shunt_slots_write(&slots, 0, bytes, 12) == SHUNT_SLOTS_ERR_ALIGN);
    CHECK(shunt_slots_write(&slots, 16, bytes, 5) == SHUNT_SLOTS_OK);
}

static void a_wrong_blob_is_not_committed(void) {
    shunt_slots_t slots;
    new_chip(0);
    power_on(&slots);
    const blob_t old = make_blob(100, 1);
    CHECK(transfer(&slots, &old, false) == SHUNT_SLOTS_OK);
    const uint8_t bytes[8] = {1, 2, 3};
    uint32_t slot, capacity, crc;
    CHECK(shunt_slots_begin(&slots, 8, 0x1234, false, &slot, &capacity) == SHUNT_SLOTS_OK);
    CHECK(shunt_slots_write(&slots, 0, bytes, 8) == SHUNT_SLOTS_OK);
    CHECK(shunt_slots_commit(&slots, &crc) == SHUNT_SLOTS_ERR_VERIFY);
    CHECK(crc == shunt_crc32(0, bytes, 8));
    CHECK(holds(&slots, &old));
    power_on(&slots);
    CHECK(holds(&slots, &old));
}

static void damage_to_the_newest_brings_back_the_one_before(void) {
    shunt_slots_t slots;
    new_chip(0);
    power_on(&slots);
    const blob_t old = make_blob(100, 1), new = make_blob(200, 2);
    CHECK(transfer(&slots, &old, false) == SHUNT_SLOTS_OK);
    CHECK(transfer(&slots, &new, false) == SHUNT_SLOTS_OK);
    const size_t at = (size_t)(shunt_slots_newest(&slots).blob - chip.bytes) + 150;
    chip.bytes[at] ^= 1;
    power_on(&slots);
    CHECK(holds(&slots, &old));
}

/// Fails the power at every operation of replacing `old` by `new`, in every way. Afterwards the
/// region holds the old blob, the new one or, where that is allowed, none; and takes the next one.
/// @return Cut points tried.
static uint32_t cut_everywhere(const blob_t *old, const blob_t *new, bool single, bool may_lose) {
    const blob_t next = make_blob(90, 77);
    uint32_t cuts = 0;
    for (tear_t tear = 0; tear < TEARS; tear++) {
        for (uint32_t cut = 0;; cut++) {
            shunt_slots_t slots;
            new_chip(0);
            power_on(&slots);
            // Twice, so that an older blob is there that must never come back.
            const blob_t oldest = make_blob(60, 99);
            CHECK(transfer(&slots, &oldest, false) == SHUNT_SLOTS_OK);
            CHECK(transfer(&slots, old, true) == SHUNT_SLOTS_OK);
            chip.operations = 0;
            chip.cut_at = cut;
            chip.tear = tear;
            random_state = cut;
            volatile bool whole = false;
            if (setjmp(chip.power_fails) == 0) {
                CHECK(transfer(&slots, new, single) == SHUNT_SLOTS_OK);
                whole = true;
            }
            power_on(&slots);
            const bool is_new = holds(&slots, new);
            CHECK(is_new || holds(&slots, old) || (may_lose && holds_none(&slots)));
            CHECK(!whole || is_new);
            CHECK(transfer(&slots, &next, false) == SHUNT_SLOTS_OK);
            power_on(&slots);
            CHECK(holds(&slots, &next));
            if (whole) {
                cuts += cut;
                break;
            }
        }
    }
    return cuts;
}

static void a_power_cut_leaves_the_old_blob_or_the_new_one(void) {
    const blob_t old = make_blob(300, 3), new = make_blob(320, 4);
    printf("       %u cuts\n", cut_everywhere(&old, &new, false, false));
    const blob_t small = make_blob(9, 5);
    cut_everywhere(&old, &small, true, false); // the flag alone changes nothing
}

static void a_power_cut_in_single_slot_mode_leaves_old_new_or_none(void) {
    const blob_t old = make_blob(300, 3), new = make_blob(630, 4);
    printf("       %u cuts\n", cut_everywhere(&old, &new, true, true));
    const blob_t other = make_blob(500, 5);
    cut_everywhere(&new, &other, true, true);
    cut_everywhere(&new, &old, false, true);
}

int main(void) {
    RUN(an_empty_region_holds_no_blob);
    RUN(a_committed_blob_survives_a_reset);
    RUN(sizes_beyond_the_mode_are_refused_with_the_limit);
    RUN(pieces_outside_or_across_units_are_refused);
    RUN(a_wrong_blob_is_not_committed);
    RUN(damage_to_the_newest_brings_back_the_one_before);
    RUN(a_power_cut_leaves_the_old_blob_or_the_new_one);
    RUN(a_power_cut_in_single_slot_mode_leaves_old_new_or_none);
    return RESULT;
}

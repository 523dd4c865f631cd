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

// What the power's failure leaves of the operation during which it fails.
typedef enum tear {
    TEAR_NOTHING,   // none of it happens
    TEAR_BYTES,     // the bytes up to some place are done
    TEAR_WORDS,     // the 32-bit words up to some place are done
    TEAR_SCRAMBLED, // half is done, the rest holds anything
    TEAR_BITS,      // each bit that changes has changed, or not yet
    TEAR_FEW_BITS,  // most bits have not changed yet
    TEAR_ALL,       // all of it happens, and nothing after it
    TEARS
} tear_t;

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

/// What the torn operation leaves at `place`, where `old` was and `wanted` should be.
static uint8_t torn_byte(uint8_t old, uint8_t wanted, uint32_t place, uint32_t torn_at) {
    const uint8_t changed = old ^ wanted;
    switch (chip.tear) {
    case TEAR_NOTHING:
        return old;
    case TEAR_BYTES:
        return place < torn_at ? wanted : old;
    case TEAR_WORDS:
        return place < (torn_at & ~3u) ? wanted : old;
    case TEAR_SCRAMBLED:
        return place < torn_at ? wanted : random_byte();
    case TEAR_BITS:
        return old ^ (changed & random_byte());
    case TEAR_FEW_BITS:
        return old ^ (changed & random_byte() & random_byte() & random_byte());
    default:
        return wanted;
    }
}

/// Does one operation, or the part of it that the power lasts for.
static void operate(uint32_t offset, const uint8_t *wanted, uint32_t count) {
    if (chip.operations++ != chip.cut_at) {
        memcpy(chip.bytes + offset, wanted, count);
        return;
    }
    const uint32_t torn_at = random_byte() % (count + 1);
    for (uint32_t i = 0; i < count; i++) {
        chip.bytes[offset + i] = torn_byte(chip.bytes[offset + i], wanted[i], i, torn_at);
    }
    longjmp(chip.power_fails, 1);
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

/// A transfer during which the power fails at each of its operations in turn.
typedef struct scenario {
    const char *name;
    uint8_t fill;         // of a chip that was never flashed
    uint32_t oldest, old; // sizes of the blobs flashed before; 0: none
    uint32_t new;
    bool single;   // the new one may take both halves
    bool may_lose; // afterwards there may be no blob
} scenario_t;

enum { NEXT_BYTES = 90, SECOND_SALT = 4 };

static const scenario_t scenarios[] = {
    {"first flash, erased chip", 0xFF, 0, 0, 300, false, true},
    {"first flash, chip of zeros", 0x00, 0, 0, 300, false, true},
    {"first flash, both halves", 0xFF, 0, 0, 630, true, true},
    {"second flash", 0x00, 0, 300, 320, false, false},
    {"update", 0x00, 60, 300, 320, false, false},
    {"update of a larger one", 0x00, 60, 320, 9, false, false},
    {"update by a larger one", 0x00, 200, 9, 320, false, false},
    {"update, the flag alone changes nothing", 0x00, 60, 300, 9, true, false},
    {"from a half to both", 0x00, 60, 300, 630, true, true},
    {"from half 1 to both", 0x00, 300, 60, 630, true, true},
    {"from both to both", 0x00, 60, 630, 500, true, true},
    {"from both to a half", 0x00, 60, 630, 300, false, true},
    {"one byte", 0xFF, 1, 1, 1, false, false},
};

/// A chip on which the scenario's earlier blobs were flashed.
static void prepare(const scenario_t *s, const blob_t *old) {
    shunt_slots_t slots;
    new_chip(s->fill);
    power_on(&slots);
    if (s->oldest > 0) { // that must never come back
        const blob_t oldest = make_blob(s->oldest, 99);
        CHECK(transfer(&slots, &oldest, true) == SHUNT_SLOTS_OK);
    }
    if (s->old > 0) {
        CHECK(transfer(&slots, old, true) == SHUNT_SLOTS_OK);
    }
}

/// Transfers `blob`, the power failing at operation `cut`; returns whether it came to an end first.
static bool transfer_until(const blob_t *blob, bool single, uint32_t cut, tear_t tear,
                           uint32_t seed) {
    static shunt_slots_t slots; // not local variables: longjmp would spoil them
    static bool whole;
    power_on(&slots);
    chip.operations = 0;
    chip.cut_at = cut;
    chip.tear = tear;
    random_state = seed;
    whole = false;
    if (setjmp(chip.power_fails) == 0) {
        CHECK(transfer(&slots, blob, single) == SHUNT_SLOTS_OK);
        whole = true;
    }
    return whole;
}

/// Whether a reset finds one of these, the same each time; `old` of no bytes is none.
static bool finds(const blob_t *old, const blob_t *new, bool may_lose) {
    shunt_slots_t slots;
    power_on(&slots);
    const bool is_new = holds(&slots, new);
    const bool is_old = old->count > 0 && holds(&slots, old);
    const bool is_none = holds_none(&slots);
    shunt_slots_t again;
    power_on(&again);
    return (is_new || is_old || (is_none && may_lose)) && slots.newest.blob == again.newest.blob &&
           slots.newest.bytes == again.newest.bytes;
}

/// Fails the power at every operation, in every way; returns the cuts tried.
static uint32_t cut_everywhere(const scenario_t *s) {
    const blob_t old = make_blob(s->old, 3), new = make_blob(s->new, SECOND_SALT);
    const blob_t next = make_blob(NEXT_BYTES, 77);
    uint32_t cuts = 0;
    for (tear_t tear = 0; tear < TEARS; tear++) {
        bool whole = false;
        for (uint32_t cut = 0; !whole; cut++, cuts++) {
            prepare(s, &old);
            whole = transfer_until(&new, s->single, cut, tear, cut);
            CHECK(finds(&old, &new, s->may_lose));
            shunt_slots_t slots;
            power_on(&slots);
            CHECK(!whole || holds(&slots, &new));
            CHECK(transfer(&slots, &next, false) == SHUNT_SLOTS_OK);
            power_on(&slots);
            CHECK(holds(&slots, &next));
        }
    }
    return cuts;
}

static void a_power_cut_leaves_what_the_mode_promises(void) {
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        const uint32_t cuts = cut_everywhere(&scenarios[i]);
        printf("       %s: %u cuts\n", scenarios[i].name, cuts);
    }
}

/// Fails the power at every operation, and again at every operation of the next transfer.
static uint32_t cut_twice(const scenario_t *s) {
    const blob_t old = make_blob(s->old, 3), new = make_blob(s->new, SECOND_SALT);
    const blob_t next = make_blob(NEXT_BYTES, 77), none = {.count = 0};
    uint32_t cuts = 0;
    bool whole = false;
    for (uint32_t first = 0; !whole; first++) {
        bool recovered = false;
        for (uint32_t second = 0; !recovered; second++, cuts++) {
            const tear_t tears[] = {(first * 3 + second) % TEARS, (first + second * 5 + 1) % TEARS};
            prepare(s, &old);
            whole = transfer_until(&new, s->single, first, tears[0], first * 1000 + second);
            shunt_slots_t slots;
            power_on(&slots);
            const blob_t *held = holds(&slots, &new) ? &new : holds(&slots, &old) ? &old : &none;
            recovered = transfer_until(&next, false, second, tears[1], second * 1000 + first);
            // Where the first cut left none, or a blob over both halves, nothing is there to keep.
            const bool may_lose = held->count == 0 || held->count > 5 * ERASE_BYTES;
            CHECK(finds(held, &next, may_lose));
            power_on(&slots);
            CHECK(!recovered || holds(&slots, &next));
            CHECK(transfer(&slots, &new, s->single) == SHUNT_SLOTS_OK && holds(&slots, &new));
        }
    }
    return cuts;
}

static void a_second_cut_during_recovery_does_no_more_harm(void) {
    uint32_t cuts = 0;
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        cuts += cut_twice(&scenarios[i]);
    }
    printf("       %u pairs of cuts\n", cuts);
}

int main(void) {
    RUN(an_empty_region_holds_no_blob);
    RUN(a_committed_blob_survives_a_reset);
    RUN(sizes_beyond_the_mode_are_refused_with_the_limit);
    RUN(pieces_outside_or_across_units_are_refused);
    RUN(a_wrong_blob_is_not_committed);
    RUN(damage_to_the_newest_brings_back_the_one_before);
    RUN(a_power_cut_leaves_what_the_mode_promises);
    RUN(a_second_cut_during_recovery_does_no_more_harm);
    return RESULT;
}

// SPDX-License-Identifier: Apache-2.0
//
// The wide clock: whatever the two counters do, it tells the time.
#include "../../Firmware/ports/cortex-m/wide_clock.h"
#include "check.h"

#include <stddef.h>

enum { TICKS_PER_SLOW = 65536 };

/// Reads a clock of 24 bits and 16 slow ones at a time.
static uint64_t read_at(shunt_wide_clock_t *clock, uint64_t time) {
    return shunt_wide_clock_read(clock, (uint32_t)time & 0xFFFFFFu, 0xFFFFFFu,
                                 (uint32_t)(time / TICKS_PER_SLOW) & 0xFFFFu, 0xFFFFu,
                                 TICKS_PER_SLOW);
}

static void time_is_exact_however_long_nobody_read_it(void) {
    // Up to nearly a wrap of the slow counter, 2^32 ticks.
    const uint64_t steps[] = {1,         2,         65535,      65536,     0x7F0000,
                              0x7FFFFF,  0x800000,  0x800001,   0xFFFFFF,  0x1000000,
                              0x17FFFFF, 0x1800000, 0x12345678, 0xFF000000};
    shunt_wide_clock_t clock = {0};
    uint64_t time = 0;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            time += steps[i] + (uint64_t)round;
            CHECK(read_at(&clock, time) == time);
        }
    }
}

static void readings_close_together_differ_by_what_passed(void) {
    shunt_wide_clock_t clock = {0};
    uint64_t before = 0;
    for (uint64_t time = 0; time < 0x3000000; time += 977) {
        const uint64_t now = read_at(&clock, time);
        CHECK(time == 0 || now - before == 977);
        before = now;
    }
}

static void a_slow_counter_that_stands_still_costs_whole_wraps_only(void) {
    shunt_wide_clock_t clock = {0};
    CHECK(shunt_wide_clock_read(&clock, 0xFFFFF0, 0xFFFFFF, 0, 0xFFFF, TICKS_PER_SLOW) == 0xFFFFF0);
    CHECK(shunt_wide_clock_read(&clock, 0x000010, 0xFFFFFF, 0, 0xFFFF, TICKS_PER_SLOW) ==
          0x1000010);
    CHECK(shunt_wide_clock_read(&clock, 0x00000F, 0xFFFFFF, 0, 0xFFFF, TICKS_PER_SLOW) ==
          0x200000F);
}

static void a_single_counter_of_32_bits_wraps(void) {
    shunt_wide_clock_t clock = {0};
    CHECK(shunt_wide_clock_read(&clock, 0xFFFFFFFF, UINT32_MAX, 0, 0, 1) == 0xFFFFFFFF);
    CHECK(shunt_wide_clock_read(&clock, 5, UINT32_MAX, 0, 0, 1) == 0x100000005);
}

int main(void) {
    RUN(time_is_exact_however_long_nobody_read_it);
    RUN(readings_close_together_differ_by_what_passed);
    RUN(a_slow_counter_that_stands_still_costs_whole_wraps_only);
    RUN(a_single_counter_of_32_bits_wraps);
    return RESULT;
}

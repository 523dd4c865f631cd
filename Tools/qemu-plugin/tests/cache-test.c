// SPDX-License-Identifier: MIT
//
// Misses of caches whose contents are known by construction.
#include "cache.h"

#include <stdio.h>

static int failures;

static void expect(const char *what, uint32_t actual, uint32_t wanted) {
    if (actual != wanted) {
        printf("%s: %u misses instead of %u\n", what, (unsigned)actual, (unsigned)wanted);
        failures++;
    }
}

static uint32_t sweep(cache_t *cache, uint64_t bytes) {
    uint32_t misses = 0;
    for (uint64_t address = 0; address < bytes; address += 4) {
        misses += cache_touch(cache, address, 4);
    }
    return misses;
}

int main(void) {
    static cache_t cache;
    static const char *const illegal[] = {"",       "8",      "8:32",      "8:32:3", "8:32:16",
                                          "7:32:1", "8:33:1", "8192:32:1", "8:32:8x"};
    for (size_t i = 0; i < sizeof illegal / sizeof illegal[0]; i++) {
        expect(illegal[i], cache_parse(&cache, illegal[i]), 0);
    }
    expect("no cache", cache_touch(&cache, 0, 64), 0);

    // 8 lines of 32 bytes, fully associative.
    expect("legal", cache_parse(&cache, "8:32:8"), 1);
    expect("first sweep that fits", sweep(&cache, 256), 8);
    expect("second sweep that fits", sweep(&cache, 256), 0);
    expect("a sweep of one line more evicts each before its use",
           sweep(&cache, 288) + sweep(&cache, 288), 1 + 9);
    expect("across two lines", cache_touch(&cache, 4096 + 30, 4), 2);
    expect("again", cache_touch(&cache, 4096 + 30, 4), 0);

    // Directly mapped: two lines of the same set fight.
    expect("legal", cache_parse(&cache, "4:16:1"), 1);
    expect("one", cache_touch(&cache, 0, 4), 1);
    expect("other of the same set", cache_touch(&cache, 64, 4), 1);
    expect("one again", cache_touch(&cache, 0, 4), 1);
    expect("another set", cache_touch(&cache, 16, 4), 1);
    expect("one is still there", cache_touch(&cache, 0, 4), 0);
    if (failures == 0) {
        printf("cache-test: all misses as expected\n");
    }
    return failures != 0;
}

// SPDX-License-Identifier: MIT
#include "cache.h"

#include <stdio.h>
#include <string.h>

static bool power_of_two(uint32_t value) {
    return value != 0 && (value & (value - 1)) == 0;
}

bool cache_parse(cache_t *cache, const char *text) {
    unsigned lines, line_bytes, ways;
    char rest;
    memset(cache, 0, sizeof *cache);
    if (sscanf(text, "%u:%u:%u%c", &lines, &line_bytes, &ways, &rest) != 3 ||
        !power_of_two(lines) || lines > CACHE_MAX_LINES || !power_of_two(line_bytes) ||
        line_bytes > CACHE_MAX_LINE_BYTES || !power_of_two(ways) || ways > lines) {
        return false;
    }
    cache->lines = lines;
    cache->line_bytes = line_bytes;
    cache->ways = ways;
    return true;
}

/// Makes a line the most recent one of its set; whether it was missing.
static bool touch_line(cache_t *cache, uint64_t line) {
    const uint64_t set = line & (cache->lines / cache->ways - 1);
    uint64_t *held = &cache->held[set * cache->ways];
    uint32_t place = 0;
    while (place < cache->ways - 1 && held[place] != line + 1) {
        place++;
    }
    const bool missing = held[place] != line + 1;
    memmove(held + 1, held, place * sizeof *held);
    held[0] = line + 1;
    return missing;
}

uint32_t cache_touch(cache_t *cache, uint64_t address, size_t bytes) {
    uint32_t missing = 0;
    if (cache->lines != 0 && bytes != 0) {
        const uint64_t last = (address + bytes - 1) / cache->line_bytes;
        for (uint64_t line = address / cache->line_bytes; line <= last; line++) {
            missing += touch_line(cache, line);
        }
    }
    return missing;
}

// SPDX-License-Identifier: MIT
//
// A cache in front of flash: which lines it holds, nothing else.
#ifndef SHUNT_CACHE_H
#define SHUNT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CACHE_MAX_LINES = 4096, CACHE_MAX_LINE_BYTES = 256 };

/// Sets of `ways` lines each, the least recently used of a set replaced first. A cache without
/// lines is none.
typedef struct cache {
    uint32_t lines; ///< A multiple of `ways`.
    uint32_t line_bytes;
    uint32_t ways;
    uint64_t held[CACHE_MAX_LINES]; ///< Line numbers + 1, set by set, most recent first; 0: empty.
} cache_t;

/// Reads "LINES:LINE_BYTES:WAYS"; the cache is empty then.
/// @return Whether the text is that, with powers of two inside the limits.
bool cache_parse(cache_t *cache, const char *text);

/// Touches the bytes from `address` on.
/// @return How many lines were not held; they are now.
uint32_t cache_touch(cache_t *cache, uint64_t address, size_t bytes);

#endif

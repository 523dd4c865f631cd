// SPDX-License-Identifier: Apache-2.0
//
// Which taps of a window lie inside the image.
#ifndef SHUNT_NEON_TAPS_H
#define SHUNT_NEON_TAPS_H

#include <stdint.h>

/// Taps begin ... end - 1 of a window, along one dimension.
typedef struct taps {
    int32_t begin, end; ///< begin <= end
    int32_t first;      ///< Image coordinate of tap `begin`; 0 if there is no tap.
} taps_t;

/// The taps inside 0 ... size - 1 of a window of `kernel` taps, `dilation` apart, that starts at
/// `start`.
static inline taps_t taps_inside(int32_t start, int32_t size, int32_t kernel, int32_t dilation) {
    taps_t taps = {0, kernel, start};
    if (start < 0) {
        taps.begin = (-start + dilation - 1) / dilation;
    }
    if (start + (kernel - 1) * dilation >= size) {
        taps.end = start >= size ? 0 : (size - start + dilation - 1) / dilation;
    }
    if (taps.begin >= taps.end) {
        return (taps_t){0, 0, 0};
    }
    taps.first += taps.begin * dilation;
    return taps;
}

#endif

// SPDX-License-Identifier: Apache-2.0
//
// How far an input must lie above the output that is written over it. Plain arithmetic, shared by
// the packer, which places tensors by it, and the kernels, which check it.
#ifndef SHUNT_OVERLAP_H
#define SHUNT_OVERLAP_H

#include <stdbool.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The first row or column, of `size`, that a window reads which starts at `start`.
static inline int64_t shunt_first_read(int64_t start, int64_t size) {
    return start < 0 ? 0 : start < size ? start : size;
}

/// The least number of bytes, perhaps negative, by which the input's first byte must lie behind the
/// output's, so that a kernel that computes pixels of int8 in order never overwrites input that it
/// has still to read.
///
/// @param window A window that shunt_check_window accepts.
/// @param ahead  Whether all inputs of a pixel are read before its first byte is written; else they
///               may be read until its last one is written.
static inline int64_t shunt_window_lead(const shunt_window_t *window, bool ahead) {
    const int64_t in_pixel = window->in_channels, out_pixel = window->out_channels;
    const int64_t in_row = in_pixel * window->in_width;
    const int64_t in_image = in_row * window->in_height;
    const int64_t out_row = out_pixel * window->out_width;
    int64_t lead = INT64_MIN;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        for (uint32_t row = 0; row < window->out_height; row++) {
            const int64_t y = (int64_t)row * window->stride_height - window->pad_top;
            // What the rows behind this one read: from the next row's first tap on.
            const int64_t below =
                shunt_first_read(y + window->stride_height, window->in_height) * in_row;
            const int64_t here = shunt_first_read(y, window->in_height) * in_row;
            const int64_t out_start = ((int64_t)batch * window->out_height + row) * out_row;
            const bool last = row + 1 == window->out_height;
            for (uint32_t column = 0; column < window->out_width; column++) {
                const uint32_t next = column + (ahead ? 1u : 0u);
                const int64_t x = (int64_t)next * window->stride_width - window->pad_left;
                int64_t still = last ? in_image : below;
                if (next < window->out_width) {
                    const int64_t own = here + shunt_first_read(x, window->in_width) * in_pixel;
                    still = own < still ? own : still;
                }
                const int64_t written = out_start + ((int64_t)column + 1) * out_pixel;
                const int64_t needed = written - ((int64_t)batch * in_image + still);
                lead = needed > lead ? needed : lead;
            }
        }
    }
    return lead;
}

#ifdef __cplusplus
}
#endif
#endif

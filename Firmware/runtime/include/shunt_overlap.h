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
static inline int32_t shunt_first_read(int32_t start, int32_t size) {
    return start < 0 ? 0 : start < size ? start : size;
}

/// The least number of bytes, perhaps negative, by which the input's first byte must lie behind the
/// output's, so that a kernel that computes pixels of int8 in order never overwrites input that it
/// has still to read.
///
/// @param window A window that shunt_check_window accepts: no tensor has 2^31 bytes or more.
/// @param ahead  Whether all inputs of a pixel are read before its first byte is written; else they
///               may be read until its last one is written.
static inline int32_t shunt_window_lead(const shunt_window_t *window, bool ahead) {
    const int32_t in_pixel = window->in_channels;
    const int32_t in_row = in_pixel * window->in_width;
    int32_t lead = INT32_MIN;
    int32_t written = 0;
    int32_t image = 0; // first byte of the batch's input
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        int32_t y = -(int32_t)window->pad_top;
        for (uint32_t row = 0; row < window->out_height; row++) {
            const int32_t here = shunt_first_read(y, window->in_height) * in_row;
            y += window->stride_height;
            // What the rows behind this one read: from the next row's first tap on; behind the last
            // row of an image, the next one.
            const bool last = row + 1 == window->out_height;
            const int32_t below =
                last ? window->in_height * in_row : shunt_first_read(y, window->in_height) * in_row;
            int32_t x = (ahead ? window->stride_width : 0) - (int32_t)window->pad_left;
            for (uint32_t left = window->out_width; left > 0; left--) {
                written += window->out_channels;
                int32_t still = below;
                if (!ahead || left > 1) {
                    const int32_t own = here + shunt_first_read(x, window->in_width) * in_pixel;
                    still = own < still ? own : still;
                }
                const int32_t needed = written - (image + still);
                lead = needed > lead ? needed : lead;
                x += window->stride_width;
            }
        }
        image += window->in_height * in_row;
    }
    return lead;
}

#ifdef __cplusplus
}
#endif
#endif

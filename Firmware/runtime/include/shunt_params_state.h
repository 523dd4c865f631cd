// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels that keep rows of a stream in the state region
// (Docs/spec/blob-format.md, "Streams"). Included from shunt_params.h.
#ifndef SHUNT_PARAMS_STATE_H
#define SHUNT_PARAMS_STATE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// ring_push: the newest rows take the place of the oldest ones of a ring, whose head moves on.
typedef struct shunt_ring_push_params {
    uint32_t rows;      ///< Rows of the ring, at least 1.
    uint32_t row_bytes; ///< At least 1.
    uint32_t new_rows;  ///< Rows of the input, 1 ... rows.
    uint32_t head;      ///< Which of the heads is the ring's.
} shunt_ring_push_params_t;

/// slide: all rows move towards the start, and the newest ones are put behind them.
typedef struct shunt_slide_params {
    uint32_t bytes;     ///< Of all rows.
    uint32_t new_bytes; ///< Of the new ones, 1 ... bytes.
} shunt_slide_params_t;

/// The part of a ring that a kernel reads as its input. Row y of the input is row
/// (head + first_row + y) mod rows of the ring.
typedef struct shunt_ring_view {
    uint32_t rows;          ///< Rows of the ring, at least 1.
    uint32_t row_bytes;     ///< Of the ring.
    uint32_t first_row;     ///< Row, counted from the oldest, where the input starts.
    uint32_t pixel_bytes;   ///< Bytes from one pixel of a row to the next; divides row_bytes.
    uint32_t first_channel; ///< Byte of a pixel where the input's channels start.
    uint32_t head;          ///< Which of the heads is the ring's.
    uint32_t reserved[2];   ///< 0
} shunt_ring_view_t;

/// conv2d_ring_s8: window.batches and groups are 1, no tap lies outside the image.
typedef struct shunt_conv2d_ring_params {
    shunt_conv2d_params_t convolution;
    shunt_ring_view_t ring;
} shunt_conv2d_ring_params_t;

/// depthwise_conv2d_ring_s8: window.batches is 1, no tap lies outside the image.
typedef struct shunt_depthwise_conv2d_ring_params {
    shunt_depthwise_conv2d_params_t convolution;
    shunt_ring_view_t ring;
} shunt_depthwise_conv2d_ring_params_t;

/// fully_connected_ring_s8: batches is 1; inputs is a multiple of ring.row_bytes, which equals
/// ring.pixel_bytes.
typedef struct shunt_fully_connected_ring_params {
    shunt_fully_connected_params_t layer;
    shunt_ring_view_t ring;
} shunt_fully_connected_ring_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_ring_push_params_t) == 16, "layout");
_Static_assert(sizeof(shunt_slide_params_t) == 8, "layout");
_Static_assert(sizeof(shunt_ring_view_t) == 32, "layout");
_Static_assert(sizeof(shunt_conv2d_ring_params_t) == 96, "layout");
_Static_assert(sizeof(shunt_depthwise_conv2d_ring_params_t) == 96, "layout");
_Static_assert(sizeof(shunt_fully_connected_ring_params_t) == 64, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
//
// Rings: rows of a stream, the oldest one at the head.
#ifndef SHUNT_PORTABLE_RING_H
#define SHUNT_PORTABLE_RING_H

#include <stddef.h>

#include "shunt_kernel.h"
#include "shunt_params.h"

/// Neighbouring rows of a ring view, in at most two pieces: from a row to the ring's end, and from
/// its start.
typedef struct ring_pieces {
    const int8_t *in[2]; ///< First byte of the view's first pixel in each piece.
    int32_t rows[2];     ///< Rows taken from each piece; the second may have none.
} ring_pieces_t;

#define SHUNT_CHECK_RING_VIEW SHUNT_KERNEL_SYMBOL(check_ring_view)
#define SHUNT_CHECK_RING_WINDOW SHUNT_KERNEL_SYMBOL(check_ring_window)
#define SHUNT_RING_PIECES SHUNT_KERNEL_SYMBOL(ring_pieces)

/// Whether the step reads a ring of int8 and its heads and writes int8, and the view of `height`
/// rows and `channels` bytes of a pixel lies inside that ring.
bool SHUNT_CHECK_RING_VIEW(const shunt_call_t *call, const shunt_ring_view_t *view,
                           uint32_t params_bytes, uint32_t height, uint32_t channels);

/// SHUNT_CHECK_RING_VIEW for the window's image, of one batch, and every tap of the window lies
/// inside that image.
bool SHUNT_CHECK_RING_WINDOW(const shunt_call_t *call, const shunt_ring_view_t *view,
                             uint32_t params_bytes, const shunt_window_t *window);

/// Where a ring's head stands. State that is damaged counts as a head at the start.
static inline uint32_t ring_head(const int32_t *heads, uint32_t index, uint32_t rows) {
    const uint32_t head = (uint32_t)heads[index];
    return head < rows ? head : 0;
}

/// The pieces of `count` rows, `step` apart, from the view's row `first` on; all lie inside.
ring_pieces_t SHUNT_RING_PIECES(const shunt_call_t *call, const shunt_ring_view_t *view,
                                uint32_t first, uint32_t count, uint32_t step);

#endif

// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of conv2d_s8: four pixels times all output channels of their step.
//
// A tile is four pixels by two channels: eight sums, which is how many registers VMLADAVA can add
// to. Tiles come in pairs; the second walks the pixels' columns backwards, so that it starts with
// the block that the first one has left in vector registers.
#ifndef SHUNT_MVE_TILE_H
#define SHUNT_MVE_TILE_H

#include "shunt_kernel.h"
#include "shunt_layout_mve.h"

enum {
    TILE_PIXELS = 4,
    TILE_CHANNELS = 4 ///< Of a pair of tiles.
};

/// What the sums of a step need. The assembly reads it at fixed offsets.
typedef struct tile {
    uintptr_t forward, backward; ///< Where the loops over blocks are entered.
    uintptr_t store;             ///< Where they store: with clamping, or without.
    int32_t passes;              ///< Of the loops over blocks.
    const int8_t *weights;
    const int32_t *records;
    int32_t channels;          ///< Negative; a multiple of TILE_CHANNELS.
    int32_t zero_point;        ///< Of the output; of no use to lines.
    int8_t *ends[TILE_PIXELS]; ///< Of each pixel: behind its last channel.
    int8_t min[16], max[16];   ///< The clamp, 16 times.
    uintptr_t start;           ///< Of the loop over channels.
    uint32_t blocks;           ///< Of SHUNT_MVE_BLOCK columns.
    uint32_t form;             ///< shunt_requantization_t
    bool is_window;            ///< See SHUNT_TILE_PREPARE.
} tile_t;

#define SHUNT_TILE_PREPARE SHUNT_KERNEL_SYMBOL(tile_prepare)
#define SHUNT_TILE_COMPUTE SHUNT_KERNEL_SYMBOL(tile_compute)

/// Fills the fields that depend on the form (shunt_requantization_t), the number of blocks and the
/// clamp. Records and channels are there already; is_window if columns are windows of 3 x 3 blocks,
/// and pixels neighbours: block i + 1 of a pixel is block i of the next one, in each row of three.
void SHUNT_TILE_PREPARE(tile_t *tile, uint32_t form, uint32_t blocks, int32_t min, int32_t max);

/// Turns columns, TILE_PIXELS x 16 bytes for each block, into outputs.
void SHUNT_TILE_COMPUTE(const tile_t *tile, const int8_t *columns);

#endif

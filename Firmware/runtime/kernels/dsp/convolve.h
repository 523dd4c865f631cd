// SPDX-License-Identifier: Apache-2.0
//
// What the convolutions have in common. Inputs of a block of tiles are widened first; then pair
// after pair of output channels is computed for the whole block, so that weights are read once for
// it.
#ifndef SHUNT_DSP_CONVOLVE_H
#define SHUNT_DSP_CONVOLVE_H

#include "shunt_kernel.h"
#include "shunt_params.h"
#include "tile.h"

typedef struct convolution convolution_t;

/// Computes all channels of a block by SHUNT_MULTIPLY_PAIRS.
typedef void (*multiply_block_t)(const convolution_t *convolution, tile_t *tile);

/// A step while it runs.
struct convolution {
    const shunt_conv2d_params_t *params;
    const uint32_t *records; ///< Of the channels.
    const void *weights;     ///< For `multiply_block`.
    multiply_block_t multiply_block;
    uint32_t *staged; ///< As in tile_t.
    uint32_t *inputs; ///< Scratch: the tiles of a block, then what SHUNT_GATHER_BEGIN wants.
    uint32_t tiles;   ///< Of a block, at least 1.
    uint32_t units;   ///< Of a row.
    int8_t *out;      ///< Of the block.
};

#define SHUNT_CHECK_CONVOLUTION SHUNT_KERNEL_SYMBOL(check_convolution)
#define SHUNT_CONVOLVE SHUNT_KERNEL_SYMBOL(convolve)
#define SHUNT_MULTIPLY_PAIRS SHUNT_KERNEL_SYMBOL(multiply_pairs)

/// What the kernels check behind shunt_check_layer: everything but weights and
/// scratch, whose size follows from the window.
bool SHUNT_CHECK_CONVOLUTION(const shunt_call_t *call);

/// Computes a step. Sets `out`, and whatever `tile` has that stays the same over a block.
void SHUNT_CONVOLVE(const shunt_call_t *call, convolution_t *convolution);

/// Computes `count` pairs of channels of a block, from `pair` on, or the half of one.
///
/// @param weights Of these pairs, as shunt_layout_dsp.h has them for int8.
void SHUNT_MULTIPLY_PAIRS(const convolution_t *convolution, tile_t *tile, const uint32_t *weights,
                          uint32_t pair, uint32_t count);

#endif

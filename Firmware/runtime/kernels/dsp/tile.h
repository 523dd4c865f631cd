// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of convolutions: tiles of up to three pixels times pairs of output channels.
#ifndef SHUNT_DSP_TILE_H
#define SHUNT_DSP_TILE_H

#include "shunt_kernel.h"

enum {
    TILE_PIXELS = 3,                   ///< Pixels that share a load of weights.
    TILE_UNIT_WORDS = 2 * TILE_PIXELS, ///< Words of inputs that belong to four taps.
};

/// Work for SHUNT_MULTIPLY_TILES. The assembly knows the order of the fields.
typedef struct tile {
    const uint32_t *records; ///< Of the first pair; see shunt_layout_dsp.h.
    int8_t *out;             ///< Where the first tile's pixel 0's first channel goes.
    uint32_t strides[2];     ///< Bytes from there to pixel 1's and 2's; 0 for a pixel not there.
    int32_t zero_point;      ///< Of the output; not used by SHUNT_REQUANTIZE_LINE.
    const uint32_t *weights; ///< Of the first pair; at least one pair.
    uint32_t out_step;       ///< Bytes from behind a pair's outputs of a pixel to the next tile's.
    uint32_t tile_bytes;     ///< Inputs of a tile.
    const uint32_t *inputs_end;
    uint32_t free[2];       ///< Of the assembly.
    const uint32_t *inputs; ///< Units of TILE_UNIT_WORDS words, tile after tile; at least one tile.
    uint32_t free_too;      ///< Of the assembly.
    const uint32_t *all_weights_end;
    uint32_t *staged;             ///< Room to copy a pair's weights to, units by fours; or NULL.
    uint32_t pair_bytes;          ///< Weights of a pair, at least a unit.
    uint32_t pixels;              ///< 1 ... TILE_PIXELS, of each tile.
    uint32_t requantization;      ///< shunt_requantization_t
    uint32_t is_half;             ///< Whether there is one pair, without an odd channel.
    const uint32_t *next_weights; ///< Of the pairs behind all_weights_end, up to
    const uint32_t *next_end;     ///< here; or NULL. Not NULL for one tile only.
} tile_t;

#define SHUNT_MULTIPLY_TILES SHUNT_KERNEL_SYMBOL(multiply_tiles)
#define SHUNT_EXPAND SHUNT_KERNEL_SYMBOL(expand)
#define SHUNT_EXPAND_NINES SHUNT_KERNEL_SYMBOL(expand_nines)

/// Writes the outputs of the tiles' pixels, saturated to int8 and not clamped further: for each
/// pair of channels those of all tiles. Sums wrap modulo 2^32; the odd channel's are right if the
/// packer kept to shunt_layout_dsp.h.
void SHUNT_MULTIPLY_TILES(const tile_t *tile);

/// Widens the same number of bytes of three pixels.
///
/// @param[out] units 2 * TILE_PIXELS words for every four bytes: the first three have the pixels'
///                   bytes 0 and 2, the others their bytes 1 and 3.
/// @param words      Words of each pixel, at least 1.
/// @param in0        Of pixel 0, and so on; word-aligned; may be the same.
/// @return Behind the last unit.
uint32_t *SHUNT_EXPAND(uint32_t *units, uint32_t words, const int8_t *in0, const int8_t *in1,
                       const int8_t *in2);

/// SHUNT_EXPAND of three times nine bytes, each nine `pitch` >= 9 bytes behind the ones before: a
/// window of 3 x 3 over three channels. The last unit's last byte is anything. No alignment.
void SHUNT_EXPAND_NINES(uint32_t *units, const int8_t *in0, const int8_t *in1, const int8_t *in2,
                        uint32_t pitch);

#endif

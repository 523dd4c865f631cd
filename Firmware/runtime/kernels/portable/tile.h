// SPDX-License-Identifier: Apache-2.0
//
// Tiles: several output pixels of a convolution at once, so that they share the weights.
#ifndef SHUNT_PORTABLE_TILE_H
#define SHUNT_PORTABLE_TILE_H

#include "shunt_kernel.h"
#include "shunt_layout_portable.h"

// What the registers hold: Armv7-M has a product with each of two channels' weights for three
// pixels, Armv6-M with one channel's for four.
#if defined(__ARM_ARCH_7M__)
enum { TILE_PIXELS = 3, TILE_CHANNELS = 2, TILE_SUMS = 48 };
#else
enum { TILE_PIXELS = 4, TILE_CHANNELS = 1, TILE_SUMS = 32 };
#endif

enum {
    TILE_BLOCK = TILE_SUMS / TILE_PIXELS ///< Channels whose sums are kept until they are outputs.
};

_Static_assert(TILE_PIXELS <= (int)SHUNT_PORTABLE_TILE_PIXELS, "scratch");
_Static_assert(TILE_BLOCK % TILE_CHANNELS == 0, "sums of all channels fit");

#define SHUNT_MULTIPLY_TILE SHUNT_KERNEL_SYMBOL(multiply_tile)

/// acc[c][p] = bias of channel c + sum over i < length of tile[i][p] * weights[c][i], for c below
/// `count`; sums wrap modulo 2^32.
///
/// @param[out] acc  [TILE_BLOCK][TILE_PIXELS], of which what lies behind channel count - 1 may be
///                  written, too.
/// @param tile      [length][TILE_PIXELS]
/// @param weights   [count][length]
/// @param channels  `count` records, whichever their form: all begin with the bias.
/// @param length    At least 1.
/// @param count     1 ... TILE_BLOCK
void SHUNT_MULTIPLY_TILE(uint32_t *acc, const int32_t *tile, const int8_t *weights,
                         const shunt_channel_t *channels, uint32_t length, uint32_t count);

#endif

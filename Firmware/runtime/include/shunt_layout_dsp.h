// SPDX-License-Identifier: Apache-2.0
//
// How the `dsp` kernels want weights, channel records and scratch: plain arithmetic, shared by the
// packer and the kernels.
#ifndef SHUNT_LAYOUT_DSP_H
#define SHUNT_LAYOUT_DSP_H

#include <stdbool.h>
#include <stdint.h>

#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How an accumulator of one output channel is scaled.
///
/// - SHUNT_REQUANTIZE_EXACT and _FAST: with the channel's multiplier m and shift s, -31 ... -2:
///   multiplier is 2 m - 2^32, addend 2^(32 + s). Both are 0 for m = 0.
/// - SHUNT_REQUANTIZE_LINE: multiplier and offset as they are in shunt_line_t.
///
/// Steps with a larger shift have no `dsp` form.
typedef struct shunt_dsp_scale {
    int32_t multiplier;
    int32_t addend;
} shunt_dsp_scale_t;

// Matrices: conv2d_s8, fully_connected_s8.
//
// Output channels go in pairs, 2 i (even) and 2 i + 1 (odd). The weights of a row, which are those
// of one output channel in the order of the portable kernel, go in units of four, the last one
// filled up with 0. A unit is two words for the two channels of a pair: first weights 0 and 2 of
// the unit, then 1 and 3, the first of both in the lower half word. A half word is 256 times the
// odd channel's weight plus the even channel's. If the number of channels is odd, the last odd
// channel's weights, bias and scale are 0.
//
// Kernels compute even + 256 odd, and even, and subtract. So the packer proves of each row that
//  - every half word fits an int16, which excludes weights of -128 beside negative ones;
//  - no input takes the sum of products of the row's odd channel, in stretches as the kernel sums
//    them up, out of -2^23 ... 2^23 - 1.
// A blob that breaks this gives wrong numbers, and nothing worse.

enum {
    SHUNT_DSP_UNIT_BYTES = 8, ///< Weights of a unit of a pair.
    SHUNT_DSP_PAIR_WORDS = 6, ///< Channel records of a pair of a convolution.
};

/// Units of a row of `length` weights.
static inline uint64_t shunt_dsp_units(uint64_t length) {
    return (length + 3) / 4;
}

/// Weights of one output channel of a convolution.
static inline uint64_t shunt_dsp_conv2d_length(const shunt_window_t *window) {
    return (uint64_t)window->kernel_height * window->kernel_width * window->in_channels;
}

/// conv2d_s8: bytes at `weights`: pair after pair, of each its units.
static inline uint64_t shunt_dsp_conv2d_weights_bytes(const shunt_window_t *window) {
    return (window->out_channels + UINT64_C(1)) / 2 *
           shunt_dsp_units(shunt_dsp_conv2d_length(window)) * SHUNT_DSP_UNIT_BYTES;
}

/// conv2d_s8: bytes at `channels`: for each pair the even channel's bias, the odd one's, the even
/// one's scale, the odd one's; behind them a word of 0, for the kernel reads the next pair's bias
/// in good time.
static inline uint64_t shunt_dsp_conv2d_channels_bytes(uint32_t out_channels) {
    return (out_channels + UINT64_C(1)) / 2 * SHUNT_DSP_PAIR_WORDS * 4 + 4;
}

/// conv2d_s8: bytes of scratch for one tile: the inputs of three pixels, widened; and, if an input
/// pixel is not a number of words, as they are, else one pixel of padding.
static inline uint64_t shunt_dsp_conv2d_scratch_bytes(const shunt_window_t *window) {
    const uint64_t units = shunt_dsp_units(shunt_dsp_conv2d_length(window));
    return units * 3 * 8 + (window->in_channels % 4 != 0 ? units * 3 * 4 : window->in_channels);
}

// conv2d_s8 takes a block of tiles of three pixels at a time, so that weights are read once for all
// of them: as many tiles as the step's scratch has room for. Weights of a pair that a cache in
// front of flash would not hold until the next tile are copied to scratch first: either each pair's
// for a block, or those of the first pairs once for the whole step, whichever reads less of flash.

enum {
    SHUNT_DSP_TILE_UNIT_BYTES = 24, ///< Inputs of three pixels for a unit, widened.
    SHUNT_DSP_KEPT_UNITS = 24,      ///< Of a pair that needs no copy.
    SHUNT_DSP_STAGED_TILES = 3,     ///< For which a copy is worth its time, at least.
    SHUNT_DSP_STAGED_UNITS = 4,     ///< That are copied at a time.
};

/// What a conv2d_s8 computes at a time.
typedef struct shunt_dsp_block {
    uint32_t tiles; ///< At least 1.
    bool is_staged; ///< Whether the weights of a pair are copied to scratch, in front of the tiles.
    uint32_t resident; ///< Pairs whose weights are copied once, in front of all; 0 if staged.
} shunt_dsp_block_t;

/// conv2d_s8: bytes of scratch for a copy of the weights of a pair, of so many units, or 0 if there
/// is none for so many tiles at a time.
static inline uint64_t shunt_dsp_conv2d_staged_bytes(uint64_t units, uint64_t tiles) {
    const bool is_staged = tiles >= SHUNT_DSP_STAGED_TILES && units > SHUNT_DSP_KEPT_UNITS &&
                           units % SHUNT_DSP_STAGED_UNITS == 0;
    return is_staged ? units * SHUNT_DSP_UNIT_BYTES : 0;
}

/// conv2d_s8: bytes of scratch for so many tiles at a time, at least 1 and fewer than 2^32.
static inline uint64_t shunt_dsp_conv2d_block_bytes(const shunt_window_t *window, uint64_t tiles) {
    const uint64_t units = shunt_dsp_units(shunt_dsp_conv2d_length(window));
    return shunt_dsp_conv2d_scratch_bytes(window) +
           (tiles - 1) * SHUNT_DSP_TILE_UNIT_BYTES * units +
           shunt_dsp_conv2d_staged_bytes(units, tiles);
}

/// conv2d_s8: what a step of so many whole pairs, whose rows have so many units, computes at a
/// time, if it has `more_bytes` of scratch than shunt_dsp_conv2d_scratch_bytes, which fit.
static inline shunt_dsp_block_t shunt_dsp_conv2d_block(uint32_t units, uint32_t pairs,
                                                       uint32_t more_bytes) {
    const uint32_t pairs_of_tile = SHUNT_DSP_TILE_UNIT_BYTES / SHUNT_DSP_UNIT_BYTES;
    // All in weights of a pair, of which a tile's inputs are a multiple.
    const uint32_t room = more_bytes / (units * SHUNT_DSP_UNIT_BYTES);
    shunt_dsp_block_t block = {room / pairs_of_tile + 1, false, 0};
    if (units <= SHUNT_DSP_KEPT_UNITS) {
        return block;
    }
    // Without a copy, two tiles at a time gain nothing.
    uint32_t gain = 2;
    if (units % SHUNT_DSP_STAGED_UNITS == 0 &&
        room > (SHUNT_DSP_STAGED_TILES - 1) * pairs_of_tile) {
        block.is_staged = true;
        block.tiles = gain = (room - 1) / pairs_of_tile + 1;
    }
    // A copy takes as long as reading from flash once.
    const uint32_t resident = room < pairs ? room : pairs;
    if ((pairs - resident) * gain < 2 * pairs) {
        block.is_staged = false;
        block.tiles = (room - resident) / pairs_of_tile + 1;
        block.resident = resident;
    }
    return block;
}

// conv2d_s4 has the nibbles of the portable kernel, those behind the end of a row are 8; channel
// records and demands on sums are those of conv2d_s8. It widens the inputs of some tiles of three
// pixels before it makes bytes of the nibbles of some pairs, so that these serve all tiles.

enum {
    SHUNT_DSP_TOGETHER = 4,        ///< Tiles, and pairs, at a time, at least, unless
    SHUNT_DSP_TILES_LIMIT = 13824, ///< the tiles' inputs take more bytes than these,
    SHUNT_DSP_PAIRS_LIMIT = 2048,  ///< or the pairs' weights than these;
    SHUNT_DSP_TILES_BYTES = 2304,  ///< and more tiles if they all fit these,
    SHUNT_DSP_PAIRS_BYTES = 1152,  ///< more pairs if they all fit these.
};

/// conv2d_s4: how many of `count` things of `each` bytes are in scratch together.
static inline uint32_t shunt_dsp_conv2d_s4_together(uint32_t count, uint64_t each, uint32_t limit,
                                                    uint32_t bytes) {
    uint32_t together = SHUNT_DSP_TOGETHER;
    if (each * together <= bytes) {
        together = bytes / (uint32_t)each;
    }
    while (together > 1 && each * together > limit) {
        together--;
    }
    return together < count ? together : count;
}

/// conv2d_s4: tiles of three pixels at a time. The output has fewer than 2^31 pixels.
static inline uint32_t shunt_dsp_conv2d_s4_tiles(const shunt_window_t *window) {
    const uint32_t pixels = (uint32_t)window->batches * window->out_height * window->out_width;
    return shunt_dsp_conv2d_s4_together((pixels + 2) / 3,
                                        shunt_dsp_units(shunt_dsp_conv2d_length(window)) *
                                            SHUNT_DSP_TILE_UNIT_BYTES,
                                        SHUNT_DSP_TILES_LIMIT, SHUNT_DSP_TILES_BYTES);
}

/// conv2d_s4: pairs of output channels at a time.
static inline uint32_t shunt_dsp_conv2d_s4_pairs(const shunt_window_t *window) {
    return shunt_dsp_conv2d_s4_together((window->out_channels + 1u) / 2,
                                        shunt_dsp_units(shunt_dsp_conv2d_length(window)) *
                                            SHUNT_DSP_UNIT_BYTES,
                                        SHUNT_DSP_PAIRS_LIMIT, SHUNT_DSP_PAIRS_BYTES);
}

/// conv2d_s4: bytes of scratch: those of conv2d_s8, the inputs of the other tiles, and the weights
/// of the pairs.
static inline uint64_t shunt_dsp_conv2d_s4_scratch_bytes(const shunt_window_t *window) {
    const uint64_t units = shunt_dsp_units(shunt_dsp_conv2d_length(window));
    return shunt_dsp_conv2d_scratch_bytes(window) +
           (shunt_dsp_conv2d_s4_tiles(window) - 1) * (units * SHUNT_DSP_TILE_UNIT_BYTES) +
           shunt_dsp_conv2d_s4_pairs(window) * (units * SHUNT_DSP_UNIT_BYTES);
}

// fully_connected_s8 sums up over stretches of SHUNT_DSP_STRETCH inputs at most, unless a row has
// no more than SHUNT_DSP_WHOLE_ROW; rows are filled up with weights of 0 to a number of blocks of
// two units, outputs with weights, biases and scales of 0 to a multiple of four. Weights: stretch
// after stretch; in each, the pairs of outputs two by two: for each block, the first pair's two
// units and then the second pair's. Channel records: the biases and then each output's scale.
// Inputs and outputs are fewer than 2^31, as tensors have so many bytes at most.

enum {
    SHUNT_DSP_BLOCK = 8,       ///< Inputs of a block.
    SHUNT_DSP_WHOLE_ROW = 256, ///< Longest row that is one stretch.
    SHUNT_DSP_STRETCH = 128,   ///< Inputs of a stretch of a longer one, of all but the last.
    SHUNT_DSP_GROUP = 32,      ///< Outputs whose sums are kept together then; a multiple of 4.
};

/// fully_connected_s8: outputs, filled up.
static inline uint32_t shunt_dsp_filled_outputs(uint32_t outputs) {
    return (outputs + 3) / 4 * 4;
}

/// fully_connected_s8: inputs of a stretch, as a number of blocks; the last one may have fewer.
static inline uint32_t shunt_dsp_stretch_blocks(uint32_t inputs) {
    const uint32_t stretch = inputs > SHUNT_DSP_WHOLE_ROW ? (uint32_t)SHUNT_DSP_STRETCH : inputs;
    return (stretch + SHUNT_DSP_BLOCK - 1) / SHUNT_DSP_BLOCK;
}

/// fully_connected_s8: outputs that are computed together.
static inline uint32_t shunt_dsp_group_outputs(uint32_t inputs, uint32_t outputs) {
    return inputs > SHUNT_DSP_WHOLE_ROW && outputs > SHUNT_DSP_GROUP ? SHUNT_DSP_GROUP : outputs;
}

/// fully_connected_s8: bytes at `weights`.
static inline uint64_t shunt_dsp_fully_connected_weights_bytes(uint32_t inputs, uint32_t outputs) {
    const uint32_t blocks = (inputs + SHUNT_DSP_BLOCK - 1u) / SHUNT_DSP_BLOCK;
    return (uint64_t)shunt_dsp_filled_outputs(outputs) * blocks * SHUNT_DSP_UNIT_BYTES;
}

/// fully_connected_s8: bytes at `channels`.
static inline uint64_t shunt_dsp_fully_connected_channels_bytes(uint32_t outputs) {
    return (uint64_t)shunt_dsp_filled_outputs(outputs) *
           (sizeof(uint32_t) + sizeof(shunt_dsp_scale_t));
}

/// fully_connected_s8: bytes of scratch: the inputs of a stretch, widened, and sums.
static inline uint64_t shunt_dsp_fully_connected_scratch_bytes(uint32_t inputs, uint32_t outputs) {
    const uint32_t widened = shunt_dsp_stretch_blocks(inputs) * (2 * SHUNT_DSP_BLOCK);
    if (inputs <= SHUNT_DSP_WHOLE_ROW) {
        return widened;
    }
    return widened + shunt_dsp_filled_outputs(shunt_dsp_group_outputs(inputs, outputs)) * 4;
}

// fully_connected_s4: rows of outputs go by fours; one or two that are left over are a pair, of
// three the missing one is a row of 0. Rows are filled up with 0 to a number of blocks of eight
// inputs; a run is as many blocks as share multipliers, the parameters' run_length at most.
//
// Weights: four after four, block after block, 16 bytes each: for inputs 0 and 2, 1 and 3, 4 and 6,
// 5 and 7 of the block a word, the first of both in the lower half. A half word has a weight of
// each row, without its multiplier: from the lowest bits on those of rows 0, 1 and 2, plus 8, and
// that of row 3 as it is. Behind the fours is the pair, 8 bytes a block: a byte for each input,
// with the weight of row 0 plus 8 in the lower nibble, and that of row 1 plus 8 in the upper one.
//
// Multipliers: four after four, run after run a half word: from the lowest bits on those of rows 0,
// 3, 2 and 1. Behind the fours those of the pair: a byte for each run, row 0's in the lower nibble.
//
// Channel records are those of fully_connected_s8. The kernel has 16 times the sum of a row 1,
// bias included: the packer proves that no input takes it out of -2^27 ... 2^27 - 1.

enum {
    SHUNT_DSP_NIBBLE_RUN = 32,         ///< Longest run; the shortest is 16.
    SHUNT_DSP_NIBBLE_BLOCK = 8,        ///< Inputs of a block.
    SHUNT_DSP_NIBBLE_BLOCK_BYTES = 16, ///< Of a block of a four.
    SHUNT_DSP_NIBBLE_INPUT_WORDS = 4,  ///< Of scratch, for the inputs of a block,
    SHUNT_DSP_NIBBLE_RUN_WORDS = 5,    ///< and for a run beside its inputs.
};

/// fully_connected_s4: blocks of a row.
static inline uint32_t shunt_dsp_nibble_blocks(uint32_t inputs) {
    return inputs / SHUNT_DSP_NIBBLE_BLOCK + (inputs % SHUNT_DSP_NIBBLE_BLOCK != 0 ? 1u : 0u);
}

/// fully_connected_s4: runs of a row.
static inline uint32_t shunt_dsp_nibble_runs(uint32_t inputs, uint32_t run_length) {
    return inputs / run_length + (inputs % run_length != 0 ? 1u : 0u);
}

/// fully_connected_s4: pairs of rows, two of them in a four.
static inline uint32_t shunt_dsp_nibble_pairs(uint32_t outputs) {
    return outputs / 2 + outputs % 2;
}

/// fully_connected_s4: bytes at `weights`.
static inline uint64_t shunt_dsp_fully_connected_s4_weights_bytes(uint32_t inputs,
                                                                  uint32_t outputs) {
    const uint32_t half_block = SHUNT_DSP_NIBBLE_BLOCK_BYTES / 2;
    return (uint64_t)shunt_dsp_nibble_blocks(inputs) * half_block * shunt_dsp_nibble_pairs(outputs);
}

/// fully_connected_s4: bytes at `multipliers`.
static inline uint64_t shunt_dsp_fully_connected_s4_multipliers_bytes(uint32_t inputs,
                                                                      uint32_t outputs,
                                                                      uint32_t run_length) {
    return (uint64_t)shunt_dsp_nibble_runs(inputs, run_length) * shunt_dsp_nibble_pairs(outputs);
}

/// fully_connected_s4: bytes of scratch.
static inline uint64_t shunt_dsp_fully_connected_s4_scratch_bytes(uint32_t inputs,
                                                                  uint32_t run_length) {
    const uint64_t block_words =
        (uint64_t)shunt_dsp_nibble_blocks(inputs) * SHUNT_DSP_NIBBLE_INPUT_WORDS;
    const uint64_t run_words =
        (uint64_t)shunt_dsp_nibble_runs(inputs, run_length) * SHUNT_DSP_NIBBLE_RUN_WORDS;
    return (block_words + run_words) * 4;
}

#ifdef __cplusplus
}
#endif
#endif

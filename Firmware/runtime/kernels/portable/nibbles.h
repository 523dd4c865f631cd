// SPDX-License-Identifier: Apache-2.0
//
// Sums of products with weights of four bits: the inner loops of conv2d_s4 and fully_connected_s4.
#ifndef SHUNT_PORTABLE_NIBBLES_H
#define SHUNT_PORTABLE_NIBBLES_H

#include "accumulate.h"

/// The weights of one layer, or of one group of a convolution.
typedef struct nibble_rows {
    const uint32_t *weights;    ///< Words of the first pair of rows.
    const uint8_t *multipliers; ///< Of the first pair of rows.
    uint32_t length;            ///< Weights of a row.
    uint32_t run_length;        ///< Neighbours that share a multiplier.
    uint32_t words;             ///< Words of a pair.
    uint32_t runs;              ///< Multipliers of a pair.
    uint32_t mask; ///< Of the same nibble of both rows. In memory, so that compilers keep it in a
                   ///< register: Arm cores then shift and mask in one instruction.
} nibble_rows_t;

#define SHUNT_NIBBLE_ROWS SHUNT_KERNEL_SYMBOL(nibble_rows)
#define SHUNT_CHECK_NIBBLES SHUNT_KERNEL_SYMBOL(check_nibbles)
#define SHUNT_ACCUMULATE_NIBBLES SHUNT_KERNEL_SYMBOL(accumulate_nibbles)

/// Whether the weights at `weights` and their multipliers are in CONSTANTS: `groups` times `rows`
/// rows of `length`, at most 2^62 weights.
bool SHUNT_CHECK_NIBBLES(const shunt_call_t *call, uint32_t weights, const shunt_nibbles_t *nibbles,
                         uint32_t groups, uint32_t rows, uint64_t length);

/// Weights that SHUNT_CHECK_NIBBLES has accepted.
nibble_rows_t SHUNT_NIBBLE_ROWS(const shunt_call_t *call, uint32_t weights,
                                const shunt_nibbles_t *nibbles, uint32_t length);

/// acc[c] += sum of in * weights(row first + c), for c below `count` <= CHANNEL_BLOCK; `first` is
/// even. The other elements of acc, which has CHANNEL_BLOCK, are lost. Sums wrap modulo 2^32.
void SHUNT_ACCUMULATE_NIBBLES(uint32_t *acc, const int8_t *in, const nibble_rows_t *rows,
                              uint32_t first, uint32_t count);

#endif

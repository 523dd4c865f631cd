// SPDX-License-Identifier: Apache-2.0
//
// Weights of four bits (shunt_nibbles_t) become words as shunt_layout_dsp.h has them for int8.
#ifndef SHUNT_DSP_NIBBLES_H
#define SHUNT_DSP_NIBBLES_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// The weights of a layer.
typedef struct nibble_rows {
    const uint32_t *weights;    ///< Words of the first pair of rows.
    const uint8_t *multipliers; ///< Of the first pair of rows.
    uint32_t run_length;        ///< Neighbours that share a multiplier.
    uint32_t words;             ///< Words of a pair, at least 1.
    uint32_t runs;              ///< Multipliers of a pair.
} nibble_rows_t;

#define SHUNT_CHECK_NIBBLES SHUNT_KERNEL_SYMBOL(check_nibbles)
#define SHUNT_NIBBLE_ROWS SHUNT_KERNEL_SYMBOL(nibble_rows)
#define SHUNT_WIDEN_NIBBLES SHUNT_KERNEL_SYMBOL(widen_nibbles)

/// Whether the weights at `weights` and their multipliers are in CONSTANTS: `rows` < 2^16 rows of
/// `length` < 2^48.
bool SHUNT_CHECK_NIBBLES(const shunt_call_t *call, uint32_t weights, const shunt_nibbles_t *nibbles,
                         uint32_t rows, uint64_t length);

/// Weights that SHUNT_CHECK_NIBBLES has accepted.
nibble_rows_t SHUNT_NIBBLE_ROWS(const shunt_call_t *call, uint32_t weights,
                                const shunt_nibbles_t *nibbles, uint32_t length);

/// Writes the units of `count` pairs of rows: two words for each of their own.
void SHUNT_WIDEN_NIBBLES(uint32_t *units, const nibble_rows_t *rows, uint32_t pair, uint32_t count);

#endif

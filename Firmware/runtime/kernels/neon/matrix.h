// SPDX-License-Identifier: Apache-2.0
//
// Rows of activations times a matrix of weights, requantized: the inner loops of conv2d_s8 and
// fully_connected_s8.
#ifndef SHUNT_NEON_MATRIX_H
#define SHUNT_NEON_MATRIX_H

#include "requantize.h"

/// A matrix in the layout of shunt_layout_neon.h, and what becomes of its products.
typedef struct matrix {
    const int8_t *weights;
    const uint64_t *plans;
    const shunt_neon_record_t *records;
    uint32_t channels; ///< Rows of the matrix: output channels.
    uint32_t depth;    ///< Columns, a multiple of 8.
    size_t plan_words; ///< Of one quad's plan.
    requantization_t requantization;
} matrix_t;

#define SHUNT_NEON_MATRIX_VALID SHUNT_KERNEL_SYMBOL(matrix_valid)
#define SHUNT_NEON_MATRIX SHUNT_KERNEL_SYMBOL(matrix)
#define SHUNT_NEON_MULTIPLY SHUNT_KERNEL_SYMBOL(multiply)

/// Whether a matrix of rows x columns lies at `offset` in CONSTANTS, with legal plans.
bool SHUNT_NEON_MATRIX_VALID(const shunt_call_t *call, uint32_t offset, uint64_t rows,
                             uint64_t columns);

/// A matrix that SHUNT_NEON_MATRIX_VALID has accepted, without its requantization.
matrix_t SHUNT_NEON_MATRIX(const shunt_call_t *call, uint32_t weights, uint32_t records,
                           uint32_t rows, uint32_t columns);

/// Computes all channels of `count` pixels, 1 ... SHUNT_NEON_TILE.
///
/// @param in       `count` rows of depth bytes, side by side.
/// @param[out] out `count` rows of `channels` bytes, side by side. Must not overlap `in`.
void SHUNT_NEON_MULTIPLY(const matrix_t *matrix, const int8_t *in, uint32_t count, int8_t *out);

#endif

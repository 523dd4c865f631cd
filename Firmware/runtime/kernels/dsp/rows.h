// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of fully_connected_s8: one row of inputs times pairs of outputs.
#ifndef SHUNT_DSP_ROWS_H
#define SHUNT_DSP_ROWS_H

#include "shunt_kernel.h"
#include "shunt_layout_dsp.h"

enum {
    BLOCK_WORDS = 4, ///< Words of a block: of widened inputs, and of a pair's weights.
};

/// What becomes of sums: shunt_requantization_t, or they stay as they are.
enum { ROWS_KEEP_SUMS = 3 };

/// Work for SHUNT_MULTIPLY_ROWS. The assembly knows the order of the fields.
typedef struct rows {
    const uint32_t *inputs;          ///< From SHUNT_WIDEN_ROW.
    const uint32_t *start;           ///< What the sums start at: one word per output.
    void *out;                       ///< One int8, or one sum, per output; sums may be at `start`.
    const uint32_t *weights_end;     ///< Of the outputs that come last.
    const shunt_dsp_scale_t *scales; ///< One per output; not used if sums are kept.
    const uint32_t *inputs_end;      ///< Behind a whole number of blocks, at least one.
    int32_t zero_point;              ///< Of the output; for SHUNT_REQUANTIZE_EXACT and _FAST.
    const uint32_t *weights;         ///< Of the first outputs.
    uint32_t finish;                 ///< shunt_requantization_t or ROWS_KEEP_SUMS
} rows_t;

#define SHUNT_MULTIPLY_ROWS SHUNT_KERNEL_SYMBOL(multiply_rows)
#define SHUNT_WIDEN_ROW SHUNT_KERNEL_SYMBOL(widen_row)

/// out = start + products, for outputs four at a time; int8 ones are saturated and not clamped
/// further. Sums wrap modulo 2^32; those of odd outputs are right if the packer kept to
/// shunt_layout_dsp.h.
void SHUNT_MULTIPLY_ROWS(const rows_t *rows);

/// Widens `count` inputs, at least 1, of any alignment: for every four of them two words, of inputs
/// 0 and 2 and of inputs 1 and 3. What fills up the last block is anything.
/// @return Behind the last block.
uint32_t *SHUNT_WIDEN_ROW(uint32_t *words, const int8_t *in, uint32_t count);

#endif

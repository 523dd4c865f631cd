// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of fully_connected_s8: one row of inputs times pairs of outputs.
#ifndef SHUNT_DSP_ROWS_H
#define SHUNT_DSP_ROWS_H

#include "shunt_kernel.h"

enum {
    BLOCK_WORDS = 4, ///< Words of a block: of widened inputs, and of a pair's weights.
};

/// Work for SHUNT_ACCUMULATE_ROWS. The assembly knows the order of the fields.
typedef struct rows {
    const uint32_t *start;       ///< What the sums start at: one word per output.
    uint32_t *sums;              ///< Likewise; may be `start`.
    const uint32_t *weights_end; ///< Of the four outputs that come last.
    const uint32_t *inputs;      ///< From SHUNT_WIDEN_ROW.
    const uint32_t *inputs_end;  ///< Behind a whole number of blocks, at least one.
    const uint32_t *weights;     ///< Of the first four outputs.
} rows_t;

#define SHUNT_ACCUMULATE_ROWS SHUNT_KERNEL_SYMBOL(accumulate_rows)
#define SHUNT_ACCUMULATE_PAIR SHUNT_KERNEL_SYMBOL(accumulate_pair)
#define SHUNT_WIDEN_ROW SHUNT_KERNEL_SYMBOL(widen_row)

/// sums = start + products, for four outputs at a time. Sums wrap modulo 2^32; those of odd outputs
/// are right if the packer kept to shunt_layout_dsp.h.
void SHUNT_ACCUMULATE_ROWS(const rows_t *rows);

/// The same for one pair of outputs that stands alone.
void SHUNT_ACCUMULATE_PAIR(const rows_t *rows);

/// Widens `count` inputs, at least 1, of any alignment: for every four of them two words, of inputs
/// 0 and 2 and of inputs 1 and 3. What fills up the last block is anything.
/// @return Behind the last block.
uint32_t *SHUNT_WIDEN_ROW(uint32_t *words, const int8_t *in, uint32_t count);

#endif

// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of fully_connected_s4: one row of inputs times four outputs.
#ifndef SHUNT_DSP_FOURS_H
#define SHUNT_DSP_FOURS_H

#include "shunt_kernel.h"

#define SHUNT_WIDEN_FOR_FOURS SHUNT_KERNEL_SYMBOL(widen_for_fours)
#define SHUNT_MULTIPLY_FOUR SHUNT_KERNEL_SYMBOL(multiply_four)

/// Widens `count` inputs, at least 1, of any alignment: for every block of SHUNT_DSP_NIBBLES the
/// sums of products with weights that are too large by 8, negative: of output 0, of 16 times output
/// 1 plus that, and of 256 times output 2 plus that; then for every four inputs two words, of
/// inputs 0 and 2 and of inputs 1 and 3. The last block is filled up with 0.
/// @return Behind the last block.
uint32_t *SHUNT_WIDEN_FOR_FOURS(uint32_t *words, const int8_t *in, uint32_t count);

/// Sums of products of four outputs, output 1's 16 times; they wrap modulo 2^32.
///
/// @param[out] sums   Four.
/// @param weights     As shunt_layout_dsp.h has them.
/// @param inputs      At least one block.
/// @return Behind the weights.
const uint32_t *SHUNT_MULTIPLY_FOUR(uint32_t *sums, const uint32_t *weights, const uint32_t *inputs,
                                    const uint32_t *inputs_end);

#endif

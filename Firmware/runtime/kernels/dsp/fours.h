// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of fully_connected_s4: one row of inputs times rows of outputs, four at a time.
#ifndef SHUNT_DSP_FOURS_H
#define SHUNT_DSP_FOURS_H

#include "shunt_kernel.h"
#include "shunt_layout_dsp.h"

/// Work for SHUNT_MULTIPLY_FOURS. The assembly knows the order of the fields.
typedef struct fours {
    const uint8_t *multipliers;      ///< Of the first outputs, as shunt_layout_dsp.h has them.
    const uint32_t *inputs_end;      ///< Behind the last run.
    const uint32_t *inputs;          ///< From SHUNT_WIDEN_FOR_FOURS.
    const uint32_t *biases;          ///< One per output.
    const shunt_dsp_scale_t *scales; ///< One per output.
    int8_t *out;                     ///< One per output.
    const uint32_t *weights_end;     ///< Of the outputs that come last.
    int32_t zero_point;              ///< Of the output; for SHUNT_REQUANTIZE_EXACT and _FAST.
    const uint32_t *weights;         ///< Of the first outputs.
    uint32_t requantization;         ///< shunt_requantization_t
    uint32_t blocks;                 ///< Of a row, at least 1.
    uint32_t run_blocks;             ///< Blocks of a run, of all but the last.
} fours_t;

#define SHUNT_WIDEN_FOR_FOURS SHUNT_KERNEL_SYMBOL(widen_for_fours)
#define SHUNT_MULTIPLY_FOURS SHUNT_KERNEL_SYMBOL(multiply_fours)
#define SHUNT_MULTIPLY_REST SHUNT_KERNEL_SYMBOL(multiply_rest)

/// Widens `count` inputs, at least 1, of any alignment, and fills the last block up with 0. A run
/// becomes what sums of products start at, -8 times the sum of inputs times 1, 17, 273 and 273; a
/// word of this file's own; and for every four inputs two words, of inputs 0 and 2 and of 1 and 3.
///
/// @param run_length Inputs of a run, of all but the last.
/// @return Behind the last block.
uint32_t *SHUNT_WIDEN_FOR_FOURS(uint32_t *words, const int8_t *in, uint32_t count,
                                uint32_t run_length);

/// Computes outputs, a multiple of four, at least four; they are saturated and not clamped further.
/// Sums wrap modulo 2^32, those of rows 1 of a four modulo 2^28.
void SHUNT_MULTIPLY_FOURS(const fours_t *fours);

/// The same for what is left over: `count` outputs, one to three.
void SHUNT_MULTIPLY_REST(const fours_t *fours, uint32_t count);

#endif

// SPDX-License-Identifier: Apache-2.0
//
// Windows of 3 x 3 that slide along three rows of one channel.
#ifndef SHUNT_PORTABLE_WINDOWS_H
#define SHUNT_PORTABLE_WINDOWS_H

#include <stddef.h>

#include "shunt_kernel.h"

enum { WINDOW_ROWS = 3, WINDOW_COLUMNS = 3, WINDOW_TAPS = WINDOW_ROWS * WINDOW_COLUMNS };

#define SHUNT_MULTIPLY_WINDOWS SHUNT_KERNEL_SYMBOL(multiply_windows)

/// acc[i] = bias + sum over t < WINDOW_TAPS of in[i * step + t] * weights[t], for i below `count`;
/// sums wrap modulo 2^32.
///
/// @param in       Three rows, column by column: the rows of a column are neighbours.
/// @param weights  Column by column, too.
/// @param bias     Start of each sum.
/// @param count    At least 1.
/// @param step     Words from one window to the next.
void SHUNT_MULTIPLY_WINDOWS(uint32_t *acc, const int32_t *in, const int32_t *weights, uint32_t bias,
                            uint32_t count, uint32_t step);

#endif

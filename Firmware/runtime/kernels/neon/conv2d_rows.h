// SPDX-License-Identifier: Apache-2.0
//
// Convolutions that keep rows of their input, with padding, and read pixels as they lie there.
#ifndef SHUNT_NEON_CONV2D_ROWS_H
#define SHUNT_NEON_CONV2D_ROWS_H

#include "matrix.h"

#define SHUNT_NEON_CONV2D_ROWS SHUNT_KERNEL_SYMBOL(conv2d_rows)

#if SHUNT_NEON_DOT

/// Runs a step of conv2d_s8 whose scratch has shunt_neon_conv2d_rows_bytes, which are not 0. All
/// inputs of a pixel are read before it is written.
void SHUNT_NEON_CONV2D_ROWS(const shunt_call_t *call, const matrix_t *matrix);

#endif

#endif

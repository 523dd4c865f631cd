// SPDX-License-Identifier: Apache-2.0
//
// Two sums of products share a word: one multiplication serves two weights.
#ifndef SHUNT_PORTABLE_LANES_H
#define SHUNT_PORTABLE_LANES_H

#include <stddef.h>

#include "shunt_kernel.h"

#define SHUNT_ADD_OCTET SHUNT_KERNEL_SYMBOL(add_octet)

/// Adds the products of all columns of an octet to its eight accumulators, modulo 2^32.
///
/// @param in      Inputs, at least one.
/// @param end     Behind the last input.
/// @param weights The octet's stretches (shunt_layout_portable.h), which take all inputs.
/// @return The weights behind the octet.
const uint32_t *SHUNT_ADD_OCTET(uint32_t *acc, const int8_t *in, const int8_t *end,
                                const uint32_t *weights);

#endif

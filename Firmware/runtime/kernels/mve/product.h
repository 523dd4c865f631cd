// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of fully_connected_s8: one vector times a matrix, eight rows at a time.
#ifndef SHUNT_MVE_PRODUCT_H
#define SHUNT_MVE_PRODUCT_H

#include "shunt_kernel.h"
#include "shunt_layout_mve.h"

/// What the products of a step need. The assembly reads it at fixed offsets.
typedef struct product {
    uintptr_t loop;  ///< Where the loop over blocks is entered.
    uintptr_t store; ///< Where it stores: with clamping, or without.
    int32_t passes;  ///< Of the loop.
    const int8_t *weights;
    const int32_t *records;
    int32_t groups;     ///< Of SHUNT_MVE_OCTET channels; at least 1.
    int32_t zero_point; ///< Of the output; of no use to lines.
    int32_t reserved;
    int8_t min[16], max[16]; ///< The clamp, 16 times.
    uintptr_t start;         ///< Of the loop over groups.
    uint32_t blocks;         ///< Of SHUNT_MVE_BLOCK inputs.
    uint32_t form;           ///< shunt_requantization_t
} product_t;

#define SHUNT_PRODUCT_PREPARE SHUNT_KERNEL_SYMBOL(product_prepare)
#define SHUNT_PRODUCT_COMPUTE SHUNT_KERNEL_SYMBOL(product_compute)

/// Fills the fields that depend on the form (shunt_requantization_t), the number of blocks and the
/// clamp.
void SHUNT_PRODUCT_PREPARE(product_t *product, uint32_t form, uint32_t blocks, int32_t min,
                           int32_t max);

/// Writes SHUNT_MVE_OCTET outputs for each group; `in` are whole blocks, aligned to 4 bytes.
void SHUNT_PRODUCT_COMPUTE(const product_t *product, const int8_t *in, int8_t *out);

#endif

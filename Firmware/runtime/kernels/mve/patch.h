// SPDX-License-Identifier: Apache-2.0
//
// The inner loops of depthwise_conv2d_s8: eight pixels, in two slots of four, times up to sixteen
// channels.
//
// A patch is the part of a channel's image that neighbouring windows of 3 x 3 cover, 16 bytes of
// it, column by column. Stride 1: 4 x 4 elements, four windows, of two rows and two columns; a slot
// is one patch. Stride 2: five columns of three elements, two windows side by side; a slot is two
// patches. The weights of a window are those of the first one, moved by some bytes.
#ifndef SHUNT_MVE_PATCH_H
#define SHUNT_MVE_PATCH_H

#include "shunt_kernel.h"
#include "shunt_layout_mve.h"

enum {
    PATCH_CHANNELS = 16, ///< Patches of so many channels lie behind one another.
    PATCH_BYTES = PATCH_CHANNELS * SHUNT_MVE_BLOCK,
    PATCH_LANES = 4, ///< Pixels of a slot.
    PATCH_SLOTS = 2
};

/// What the sums of a step need. The assembly reads it at fixed offsets.
typedef struct patch {
    const int8_t *weights; ///< Of the first channel.
    const int32_t *records;
    int32_t channels;                       ///< Negative; a multiple of SHUNT_MVE_QUAD.
    int32_t zero_point;                     ///< Of the output; of no use to lines.
    const int8_t *slots[PATCH_SLOTS];       ///< Patches.
    uintptr_t store;                        ///< Where it stores: with clamping, or without.
    uintptr_t start;                        ///< Of the loop over channels.
    int8_t *ends[PATCH_SLOTS][PATCH_LANES]; ///< Of each pixel: behind its last channel.
    int8_t min[16], max[16];                ///< The clamp, 16 times.
    uint32_t stride, form;                  ///< shunt_requantization_t
} patch_t;

#define SHUNT_PATCH_PREPARE SHUNT_KERNEL_SYMBOL(patch_prepare)
#define SHUNT_PATCH_COMPUTE SHUNT_KERNEL_SYMBOL(patch_compute)

/// Fills the fields that depend on the form (shunt_requantization_t), the stride and the clamp.
void SHUNT_PATCH_PREPARE(patch_t *patch, uint32_t form, uint32_t stride, int32_t min, int32_t max);

/// Writes the outputs of all channels. The pixels of a slot at stride 1 are, in this order: the
/// upper left one, its right neighbour, the two below; at stride 2 they are neighbours.
void SHUNT_PATCH_COMPUTE(const patch_t *patch);

#endif

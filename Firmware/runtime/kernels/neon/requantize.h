// SPDX-License-Identifier: Apache-2.0
//
// From accumulators to outputs, in all forms of channel records (shunt_requantization_t), equal to
// the arithmetic of Docs/spec/blob-format.md, "Rounding", for every input.
#ifndef SHUNT_NEON_REQUANTIZE_H
#define SHUNT_NEON_REQUANTIZE_H

#include "intrinsics.h"
#include "shunt_kernel.h"
#include "shunt_layout_neon.h"

/// How a step's accumulators are scaled.
typedef enum scaling {
    SCALING_LINE,
    SCALING_RIGHT, ///< Exact, and all shifts of the step are to the right.
    SCALING_EXACT,
    SCALING_FAST
} scaling_t;

/// What all channels of a step have in common.
typedef struct requantization {
    scaling_t scaling;
    int16_t zero_point; ///< Unused by lines: in their offsets.
    bool clamps;        ///< min ... max is narrower than int8.
    int8_t min, max;
} requantization_t;

/// The part of a record that accumulators meet at the end.
typedef struct scale {
    int32x4_t multiplier, shift;
} scale_t;

#define SHUNT_NEON_REQUANTIZATION SHUNT_KERNEL_SYMBOL(requantization)
#define SHUNT_NEON_RECORDS_VALID SHUNT_KERNEL_SYMBOL(records_valid)

/// Describes a step with checked records.
requantization_t SHUNT_NEON_REQUANTIZATION(const shunt_call_t *call,
                                           const shunt_neon_record_t *records, uint64_t quads,
                                           int32_t zero_point, int32_t min, int32_t max);

/// Whether the records at `offset` lie in CONSTANTS and are legal for the step's form.
bool SHUNT_NEON_RECORDS_VALID(const shunt_call_t *call, uint32_t offset, uint64_t quads);

INLINE scale_t load_scale(const shunt_neon_record_t *record) {
    return (scale_t){vld1q_s32(record->multiplier), vld1q_s32(record->shift)};
}

/// acc * 2 * multiplier >> 32: the multiplier is half of the line's.
INLINE int32x4_t scale_line(int32x4_t acc, const scale_t *scale) {
    return vqdmulhq_s32(acc, scale->multiplier);
}

// SQRDMULH is the doubled high half with rounding, and saturates only where both factors are -2^31.
// SRSHL rounds halves up; one less for negative values turns that into halves away from zero.

INLINE int32x4_t scale_right(int32x4_t acc, const scale_t *scale) {
    const int32x4_t high = vqrdmulhq_s32(acc, scale->multiplier);
    return vrshlq_s32(vsraq_n_s32(high, high, 31), scale->shift);
}

INLINE int32x4_t scale_exact(int32x4_t acc, const scale_t *scale) {
    const int32x4_t zero = vdupq_n_s32(0);
    const int32x4_t left = vmaxq_s32(scale->shift, zero);
    const int32x4_t right = vminq_s32(scale->shift, zero);
    const int32x4_t shifted = vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(acc), left));
    const int32x4_t high = vqrdmulhq_s32(shifted, scale->multiplier);
    // The sign of both together: only values that are shifted right are corrected.
    return vrshlq_s32(vsraq_n_s32(high, vandq_s32(high, right), 31), right);
}

INLINE int32x4_t scale_fast(int32x4_t acc, const scale_t *scale) {
    const int32x4_t right = vsubq_s32(scale->shift, vdupq_n_s32(31));
    const int64x2_t low = vmull_s32(vget_low_s32(acc), vget_low_s32(scale->multiplier));
    const int64x2_t high = vmull_high_s32(acc, scale->multiplier);
    return vqmovn_high_s64(vqmovn_s64(vrshlq_s64(low, vmovl_s32(vget_low_s32(right)))),
                           vrshlq_s64(high, vmovl_high_s32(right)));
}

/// Two vectors of scaled accumulators as int16. What does not fit saturates, as it will in int8.
INLINE int16x8_t narrow(int32x4_t low, int32x4_t high) {
    return vqmovn_high_s32(vqmovn_s32(low), high);
}

/// Four vectors of scaled accumulators as int8, with the offsets of the first two and the last two.
INLINE int8x16_t finish(const requantization_t *r, const int32x4_t scaled[4], int16x8_t low_offset,
                        int16x8_t high_offset) {
    const int16x8_t low = vqaddq_s16(narrow(scaled[0], scaled[1]), low_offset);
    const int16x8_t high = vqaddq_s16(narrow(scaled[2], scaled[3]), high_offset);
    const int8x16_t out = vqmovn_high_s16(vqmovn_s16(low), high);
    return r->clamps ? vminq_s8(vmaxq_s8(out, vdupq_n_s8(r->min)), vdupq_n_s8(r->max)) : out;
}

/// Scales accumulators: `scale` is one for all of them, or `step` is 1 and each has its own.
INLINE void scale_all(const requantization_t *r, const scale_t *scale, int step,
                      const int32x4_t acc[4], int32x4_t scaled[4]) {
    switch (r->scaling) {
    case SCALING_LINE:
        scaled[0] = scale_line(acc[0], scale);
        scaled[1] = scale_line(acc[1], scale + step);
        scaled[2] = scale_line(acc[2], scale + 2 * step);
        scaled[3] = scale_line(acc[3], scale + 3 * step);
        break;
    case SCALING_RIGHT:
        scaled[0] = scale_right(acc[0], scale);
        scaled[1] = scale_right(acc[1], scale + step);
        scaled[2] = scale_right(acc[2], scale + 2 * step);
        scaled[3] = scale_right(acc[3], scale + 3 * step);
        break;
    case SCALING_EXACT:
        scaled[0] = scale_exact(acc[0], scale);
        scaled[1] = scale_exact(acc[1], scale + step);
        scaled[2] = scale_exact(acc[2], scale + 2 * step);
        scaled[3] = scale_exact(acc[3], scale + 3 * step);
        break;
    default:
        scaled[0] = scale_fast(acc[0], scale);
        scaled[1] = scale_fast(acc[1], scale + step);
        scaled[2] = scale_fast(acc[2], scale + 2 * step);
        scaled[3] = scale_fast(acc[3], scale + 3 * step);
        break;
    }
}

/// The offsets of two quads.
INLINE int16x8_t pair_offset(const requantization_t *r, const scale_t *a, const scale_t *b) {
    return r->scaling == SCALING_LINE
               ? vreinterpretq_s16_s64(
                     vzip1q_s64(vreinterpretq_s64_s32(a->shift), vreinterpretq_s64_s32(b->shift)))
               : vdupq_n_s16(r->zero_point);
}

/// The outputs of four channels for four pixels, pixel by pixel.
INLINE int8x16_t requantize_pixels(const requantization_t *r, const scale_t *scale,
                                   const int32x4_t acc[4]) {
    int32x4_t scaled[4];
    scale_all(r, scale, 0, acc, scaled);
    const int16x8_t offset = r->scaling == SCALING_LINE ? vreinterpretq_s16_s32(scale->shift)
                                                        : vdupq_n_s16(r->zero_point);
    return finish(r, scaled, offset, offset);
}

/// The outputs of eight channels.
INLINE int8x8_t requantize_pair(const requantization_t *r, const scale_t scale[2],
                                const int32x4_t acc[2]) {
    int32x4_t low, high;
    switch (r->scaling) {
    case SCALING_LINE:
        low = scale_line(acc[0], &scale[0]), high = scale_line(acc[1], &scale[1]);
        break;
    case SCALING_RIGHT:
        low = scale_right(acc[0], &scale[0]), high = scale_right(acc[1], &scale[1]);
        break;
    case SCALING_EXACT:
        low = scale_exact(acc[0], &scale[0]), high = scale_exact(acc[1], &scale[1]);
        break;
    default:
        low = scale_fast(acc[0], &scale[0]), high = scale_fast(acc[1], &scale[1]);
        break;
    }
    const int16x8_t sum = vqaddq_s16(narrow(low, high), pair_offset(r, &scale[0], &scale[1]));
    const int8x8_t out = vqmovn_s16(sum);
    return r->clamps ? vmin_s8(vmax_s8(out, vdup_n_s8(r->min)), vdup_n_s8(r->max)) : out;
}

/// The outputs of sixteen channels.
INLINE int8x16_t requantize_channels(const requantization_t *r, const scale_t scale[4],
                                     const int32x4_t acc[4]) {
    int32x4_t scaled[4];
    scale_all(r, scale, 1, acc, scaled);
    return finish(r, scaled, pair_offset(r, &scale[0], &scale[1]),
                  pair_offset(r, &scale[2], &scale[3]));
}

#endif

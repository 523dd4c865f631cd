// SPDX-License-Identifier: Apache-2.0
#include "multiply_tile.h"

#include "shunt_kernel_checks.h"

static bool plan_valid(const uint64_t *plan, uint64_t chunks) {
    for (; chunks != 0; plan++) {
        const uint32_t entries = chunks < 32 ? (uint32_t)chunks : 32;
        for (uint32_t i = 0; i < entries; i++) {
            const uint64_t entry = *plan >> 2 * i & 3;
            if (entry != SHUNT_NEON_PLAN_HALVES && entry != SHUNT_NEON_PLAN_WHOLE) {
                return false;
            }
        }
        // The kernel counts by the entries: behind the last one there is none.
        if (entries != 32 && *plan >> 2 * entries != 0) {
            return false;
        }
        chunks -= entries;
    }
    return true;
}

bool SHUNT_NEON_MATRIX_VALID(const shunt_call_t *call, uint32_t offset, uint64_t rows,
                             uint64_t columns) {
    if (columns == 0 || columns > INT32_MAX || rows > INT32_MAX ||
        !shunt_constants_valid(call, offset, shunt_neon_matrix_bytes(rows, columns))) {
        return false;
    }
    const uint64_t depth = shunt_neon_depth(columns);
    const uint64_t quads = shunt_neon_quads(rows);
    const uint64_t words = shunt_neon_plan_words(depth);
    const uint8_t *plans = (const uint8_t *)shunt_constants(call, offset) + 4 * depth * quads;
    for (uint64_t quad = 0; quad < quads; quad++) {
        const uint64_t *plan = (const uint64_t *)(const void *)plans + quad * words;
        if (!plan_valid(plan, depth / SHUNT_NEON_CHUNK)) {
            return false;
        }
    }
    return true;
}

matrix_t SHUNT_NEON_MATRIX(const shunt_call_t *call, uint32_t weights, uint32_t records,
                           uint32_t rows, uint32_t columns) {
    const uint32_t depth = (uint32_t)shunt_neon_depth(columns);
    const uint8_t *plans = (const uint8_t *)shunt_constants(call, weights) +
                           4 * (size_t)depth * (size_t)shunt_neon_quads(rows);
    return (matrix_t){.weights = shunt_constants(call, weights),
                      .plans = (const uint64_t *)(const void *)plans,
                      .records = shunt_constants(call, records),
                      .channels = rows,
                      .depth = depth,
                      .plan_words = (size_t)shunt_neon_plan_words(depth)};
}

/// Stores the first `count` of a vector's bytes.
static void store_some(int8_t *out, int8x16_t bytes, uint32_t count) {
    int8_t all[16];
    vst1q_s8(all, bytes);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = all[i];
    }
}

#if SHUNT_NEON_DOT

/// Sixteen channels, or those that are left, of one pixel.
INLINE void multiply_quads(const matrix_t *matrix, const requantization_t *r, const int8_t *in,
                           const quad_t quads[PIXEL_QUADS], uint32_t left, int8_t *out) {
    const scale_t scales[] = {load_scale(quads[0].record), load_scale(quads[1].record),
                              load_scale(quads[2].record), load_scale(quads[3].record)};
    int32x4_t sums[PIXEL_QUADS];
    sum_pixel(in, matrix->depth, quads, sums);
    const int8x16_t bytes = requantize_channels(r, scales, sums);
    if (left >= 16) {
        vst1q_s8(out, bytes);
    } else {
        store_some(out, bytes, left);
    }
}

// The last quad stands in for those that there are not.
INLINE void multiply_pixel(const matrix_t *matrix, const requantization_t *r, const int8_t *in,
                           int8_t *out) {
    quad_t quad = {matrix->weights, matrix->plans, matrix->records};
    for (uint32_t left = matrix->channels; left != 0; left -= left < 16 ? left : 16) {
        const uint32_t last = left < 16 ? (left - 1) / 4 : 3;
        const quad_t quads[] = {quad, behind(matrix, &quad, last < 1 ? last : 1),
                                behind(matrix, &quad, last < 2 ? last : 2),
                                behind(matrix, &quad, last)};
        multiply_quads(matrix, r, in, quads, left, out);
        quad = behind(matrix, &quad, 4);
        out += 16;
    }
}

#else

// The last quad stands in for the one that there is not.
INLINE void multiply_pixel(const matrix_t *matrix, const requantization_t *r, const int8_t *in,
                           int8_t *out) {
    quad_t quads[2] = {{matrix->weights, matrix->plans, matrix->records}};
    for (uint32_t left = matrix->channels; left != 0; left -= left < 8 ? left : 8) {
        quads[1] = left > 4 ? behind(matrix, &quads[0], 1) : quads[0];
        int32x4_t sums[PIXEL_QUADS];
        sum_pixel(in, matrix->depth, quads, sums);
        const scale_t scales[] = {load_scale(quads[0].record), load_scale(quads[1].record)};
        const int8x8_t bytes = requantize_pair(r, scales, sums);
        if (left >= 8) {
            vst1_s8(out, bytes);
        } else {
            store_some(out, vcombine_s8(bytes, bytes), left);
        }
        quads[0] = behind(matrix, &quads[1], 1);
        out += 8;
    }
}

#endif

// Three pixels are a tile in which one is computed twice.
INLINE void multiply_with(const matrix_t *matrix, const requantization_t *r, const int8_t *in,
                          uint32_t count, int8_t *out) {
    const size_t depth = matrix->depth, channels = matrix->channels;
    if (count < 3) {
        for (; count != 0; count--) {
            multiply_pixel(matrix, r, in, out);
            in += depth;
            out += channels;
        }
        return;
    }
    const size_t last = count - 1;
    const pixels_t pixels = {{in, in + depth, in + 2 * depth, in + last * depth}};
    int8_t *to[] = {out, out + channels, out + 2 * channels, out + last * channels};
    multiply_tile(matrix, r, &pixels, to);
}

// The copies tell the compiler that nothing in them changes, and which form the frequent one is.
void SHUNT_NEON_MULTIPLY(const matrix_t *matrix, const int8_t *in, uint32_t count, int8_t *out) {
    const matrix_t copy = *matrix;
    requantization_t r = matrix->requantization;
    if (r.scaling == SCALING_LINE) {
        r.scaling = SCALING_LINE;
        multiply_with(&copy, &r, in, count, out);
    } else {
        multiply_with(&copy, &r, in, count, out);
    }
}

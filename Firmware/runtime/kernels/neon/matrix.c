// SPDX-License-Identifier: Apache-2.0
#include "tile.h"

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
                      .depth = depth};
}

/// Stores the first `count` of a vector's bytes.
static void store_some(int8_t *out, int8x16_t bytes, uint32_t count) {
    int8_t all[16];
    vst1q_s8(all, bytes);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = all[i];
    }
}

static inline quad_t quad_at(const matrix_t *matrix, uint32_t index) {
    return (quad_t){matrix->weights + 4 * (size_t)matrix->depth * index,
                    matrix->plans + (size_t)shunt_neon_plan_words(matrix->depth) * index,
                    matrix->records + index};
}

#if SHUNT_NEON_DOT

static void multiply_pixel(const matrix_t *matrix, const int8_t *in, int8_t *out) {
    const uint32_t quads = (uint32_t)shunt_neon_quads(matrix->channels);
    for (uint32_t first = 0; first < quads; first += PIXEL_QUADS) {
        // The last quad stands in for those that there are not.
        const uint32_t last = quads - 1;
        const quad_t some[] = {quad_at(matrix, first),
                               quad_at(matrix, first + 1 < last ? first + 1 : last),
                               quad_at(matrix, first + 2 < last ? first + 2 : last),
                               quad_at(matrix, first + 3 < last ? first + 3 : last)};
        const scale_t scales[] = {load_scale(some[0].record), load_scale(some[1].record),
                                  load_scale(some[2].record), load_scale(some[3].record)};
        int32x4_t sums[PIXEL_QUADS];
        sum_pixel(in, matrix->depth, some, sums);
        const int8x16_t bytes = requantize_channels(&matrix->requantization, scales, sums);
        const uint32_t left = matrix->channels - 4 * first;
        if (left >= 16) {
            vst1q_s8(out, bytes);
        } else {
            store_some(out, bytes, left);
        }
        out += 16;
    }
}

/// Sixteen channels of four pixels, and on to the next.
static inline void multiply_wide_tile(const matrix_t *matrix, const pixels_t *pixels,
                                      const quad_t *quad, int8_t *out[SHUNT_NEON_TILE]) {
    int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS];
    sum_wide_tile(pixels, matrix->depth, quad, sums);
    const shunt_neon_record_t *record = quad->record;
    const scale_t scales[] = {load_scale(record), load_scale(record + 1), load_scale(record + 2),
                              load_scale(record + 3)};
    const requantization_t *r = &matrix->requantization;
    vst1q_s8(out[0], requantize_channels(r, scales, sums));
    vst1q_s8(out[1], requantize_channels(r, scales, sums + 4));
    vst1q_s8(out[2], requantize_channels(r, scales, sums + 8));
    vst1q_s8(out[3], requantize_channels(r, scales, sums + 12));
    out[0] += 16, out[1] += 16, out[2] += 16, out[3] += 16;
}

#else

static void multiply_pixel(const matrix_t *matrix, const int8_t *in, int8_t *out) {
    const uint32_t quads = (uint32_t)shunt_neon_quads(matrix->channels);
    for (uint32_t first = 0; first < quads; first += PIXEL_QUADS) {
        // The last quad stands in for the one that there is not.
        const uint32_t second = first + 1 < quads ? first + 1 : first;
        const quad_t some[] = {quad_at(matrix, first), quad_at(matrix, second)};
        int32x4_t sums[PIXEL_QUADS];
        sum_pixel(in, matrix->depth, some, sums);
        const scale_t scales[] = {load_scale(some[0].record), load_scale(some[1].record)};
        const int8x8_t bytes = requantize_pair(&matrix->requantization, scales, sums);
        const uint32_t left = matrix->channels - 4 * first;
        if (left >= 8) {
            vst1_s8(out, bytes);
        } else {
            store_some(out, vcombine_s8(bytes, bytes), left);
        }
        out += 8;
    }
}

#endif

/// Stores four channels, or those that are left, of four pixels.
static inline void store_quad(int8_t *const out[SHUNT_NEON_TILE], int8x16_t bytes, uint32_t left) {
    if (left >= 4) {
        const int32x4_t words = vreinterpretq_s32_s8(bytes);
        store_word(out[0], words, 0);
        store_word(out[1], words, 1);
        store_word(out[2], words, 2);
        store_word(out[3], words, 3);
    } else {
        int8_t all[16];
        vst1q_s8(all, bytes);
        for (uint32_t c = 0; c < left; c++) {
            out[0][c] = all[c];
            out[1][c] = all[4 + c];
            out[2][c] = all[8 + c];
            out[3][c] = all[12 + c];
        }
    }
}

static void multiply_tile(const matrix_t *matrix, const pixels_t *pixels,
                          int8_t *out[SHUNT_NEON_TILE]) {
    const uint32_t depth = matrix->depth;
    const size_t words = shunt_neon_plan_words(depth);
    quad_t quad = quad_at(matrix, 0);
    uint32_t left = matrix->channels;
#if SHUNT_NEON_DOT
    for (; left >= 16; left -= 16) {
        multiply_wide_tile(matrix, pixels, &quad, out);
        quad = (quad_t){quad.weights + 16 * (size_t)depth, quad.plan, quad.record + 4};
    }
#endif
    while (left != 0) {
        int32x4_t sums[SHUNT_NEON_TILE];
        sum_tile(pixels, depth, &quad, sums);
        const scale_t scale = load_scale(quad.record);
        store_quad(out, requantize_pixels(&matrix->requantization, &scale, sums), left);
        out[0] += 4, out[1] += 4, out[2] += 4, out[3] += 4;
        quad = (quad_t){quad.weights + 4 * (size_t)depth, quad.plan + words, quad.record + 1};
        left -= left < 4 ? left : 4;
    }
}

// Three pixels are a tile in which one is computed twice.
void SHUNT_NEON_MULTIPLY(const matrix_t *matrix, const int8_t *in, uint32_t count, int8_t *out) {
    const size_t depth = matrix->depth, channels = matrix->channels;
    if (count < 3) {
        for (; count != 0; count--) {
            multiply_pixel(matrix, in, out);
            in += depth;
            out += channels;
        }
        return;
    }
    const size_t last = count - 1;
    const pixels_t pixels = {{in, in + depth, in + 2 * depth, in + last * depth}};
    int8_t *to[] = {out, out + channels, out + 2 * channels, out + last * channels};
    multiply_tile(matrix, &pixels, to);
}

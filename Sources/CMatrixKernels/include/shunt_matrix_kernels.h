// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Dense float32 arithmetic of the host: products of matrices and the long loops around them.
///
/// Each function exists once per instruction set of the processor; shunt_matrix_kernels() picks the
/// best at run time. A sum is always taken in one order, and all sets with fused multiply-add round
/// alike, so that they give the same bits. Nothing here allocates or keeps a pointer; every
/// function may run on several threads at once.

#include <stdbool.h>
#include <stddef.h>

/// Columns that lie together in packed matrices, and lanes of sums.
#define SHUNT_MATRIX_PANEL 16

/// Floats that a packed matrix takes.
///
/// @param inner    Rows of the matrix B of a product A * B.
/// @param columns  Its columns.
static inline size_t shunt_matrix_packed_count(size_t inner, size_t columns) {
    return (columns + SHUNT_MATRIX_PANEL - 1) / SHUNT_MATRIX_PANEL * SHUNT_MATRIX_PANEL * inner;
}

/// One product C = A * B, with a bias and limits if wanted.
///
/// Element k of row i of A is a[i * a_row + (k / segment) * a_segment + (k % segment) * a_step],
/// and either a_step or a_row is 1. With that, the windows of a convolution are rows of A where
/// they lie in the image: each tap row of a window is a segment.
typedef struct {
    const float *a;
    /// From shunt_matrix_kernels_t.pack.
    const float *packed_b;
    float *c;
    /// One for each column, added first, or NULL.
    const float *bias;
    size_t rows, columns, inner;
    size_t a_row, a_step;
    /// Elements of a segment, a divisor of `inner`; a_segment is the distance between segments.
    size_t segment, a_segment;
    size_t c_row;
    /// Results are limited to lower...upper; NaN stays. Infinite for no limit.
    float lower, upper;
    /// Whether the product is added to C; excludes a bias.
    bool accumulates;
    /// Whether only elements with row <= column are needed; others may be written or not.
    bool upper_triangle;
} shunt_matrix_product_t;

/// Neighbouring output pixels of a depthwise convolution, with as many outputs as inputs, whose
/// windows have the same taps inside the image.
typedef struct {
    /// The image under the first tap of the first pixel, which may lie outside.
    const float *image;
    const float *filter;
    /// One for each channel, or NULL.
    const float *bias;
    /// [pixels, channels]
    float *result;
    size_t pixels, channels;
    /// Floats from a pixel's window to the next one's.
    ptrdiff_t image_pixel;
    /// Taps that lie inside the image.
    size_t first_row, end_row, first_column, end_column;
    /// Floats from a tap to the next below, and beside it.
    ptrdiff_t image_row, image_column, filter_row, filter_column;
    float lower, upper;
} shunt_matrix_taps_t;

/// Extremes of values.
typedef struct {
    float lower, upper;
    /// Whether no value is NaN or infinite.
    bool is_finite;
} shunt_matrix_extremes_t;

/// The functions of one instruction set.
typedef struct {
    /// "avx512", "avx2" or "generic".
    const char *name;

    /// Lays a matrix out for `multiply`.
    ///
    /// @param b            Element (k, j) is b[k * b_row + j], or b[j * b_row + k] if `transposed`.
    /// @param factor       What each element is multiplied by.
    /// @param[out] packed  shunt_matrix_packed_count(inner, columns) floats.
    void (*pack)(const float *b, size_t b_row, bool transposed, size_t inner, size_t columns,
                 float factor, float *packed);

    void (*multiply)(const shunt_matrix_product_t *product);

    /// result[i] = sum of matrix[i * columns + k] * vector[k], added to what is there if wanted.
    void (*multiply_vector)(const float *matrix, const float *vector, size_t rows, size_t columns,
                            bool accumulates, float *result);

    void (*convolve_taps)(const shunt_matrix_taps_t *taps);

    float (*dot)(const float *a, const float *b, size_t count);

    /// y += factor * x.
    void (*add_multiple)(float factor, const float *x, float *y, size_t count);

    /// Each value becomes the nearest multiple of `scale`, ties to even, its multiple limited to
    /// lower...upper (within -2^22...2^22). `inverse` is 1 / scale.
    void (*quantize)(float *values, size_t count, float scale, float inverse, float lower,
                     float upper);

    /// Extremes of `count` values; zeros if there are none.
    shunt_matrix_extremes_t (*extremes)(const float *values, size_t count);

    /// Sum of importance * (rounded - value)^2 where values are rounded as by `quantize`.
    float (*rounding_error)(const float *values, const float *importance, size_t count, float step,
                            float lower, float upper);

    /// Adds the sums of squares of `reference`, and of the difference to `values`.
    void (*add_energies)(const float *reference, const float *values, size_t count, double *signal,
                         double *noise);
} shunt_matrix_kernels_t;

/// The functions for this processor, the same at every call.
const shunt_matrix_kernels_t *shunt_matrix_kernels(void);

/// How many sets this processor can run, the best first.
size_t shunt_matrix_kernels_count(void);

/// One of those sets.
const shunt_matrix_kernels_t *shunt_matrix_kernels_at(size_t index);

// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels that make few numbers of many, or new numbers of neighbours
// (Docs/spec/blob-format.md, "Kernel parameters").
#ifndef SHUNT_PARAMS_REDUCE_H
#define SHUNT_PARAMS_REDUCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a reduction walks its input: three nested loops over the elements of the output, and inside
/// them three over the elements that make one of it. Unused loops have extent 1 and stride 0.
typedef struct shunt_reduction {
    uint32_t kept[3];            ///< Extents of the outer loops, each at least 1.
    uint32_t kept_strides[3];    ///< In elements of the input.
    uint32_t reduced[3];         ///< Extents of the inner loops, each at least 1.
    uint32_t reduced_strides[3]; ///< In elements of the input.
} shunt_reduction_t;

/// reduce_sum_s8, reduce_sum_s16: sums and means, requantized.
typedef struct shunt_reduce_sum_params {
    shunt_reduction_t reduction;
    int32_t offset;            ///< Added to each sum: minus the input's zero point times the count.
    int32_t multiplier;        ///< Q31, 0 ... 2^31 - 1; that of a mean includes 1 / count.
    int32_t shift;             ///< -31 ... 30
    int32_t output_zero_point; ///< In the range of the output's type.
} shunt_reduce_sum_params_t;

/// reduce_max_s8: the largest of the elements, each with `flip` applied by exclusive or before and
/// after.
typedef struct shunt_reduce_max_params {
    shunt_reduction_t reduction;
    int32_t flip;         ///< 0: largest; -1: smallest.
    uint32_t reserved[3]; ///< 0
} shunt_reduce_max_params_t;

/// arg_max_s8: the index of the first largest element along the middle of three dimensions; the
/// output is int32 or int64.
typedef struct shunt_arg_max_params {
    uint32_t outer, count,
        inner;    ///< The input's dimensions, those before and behind the axis merged.
    int32_t flip; ///< 0: largest; -1: smallest.
} shunt_arg_max_params_t;

/// l2_normalization_s8: rows divided by their Euclidean length; output scale 1/128, zero point 0.
typedef struct shunt_l2_normalization_params {
    uint32_t rows;            ///< Product of all dimensions but the last.
    uint32_t depth;           ///< Last dimension, at most 33000.
    int32_t input_zero_point; ///< -128 ... 127
    uint32_t reserved;        ///< 0
} shunt_l2_normalization_params_t;

/// resize_bilinear_s8: images [batches, in_height, in_width, channels] enlarged or reduced. A row's
/// or column's place in the input is index * scale + offset, in 1/1024.
typedef struct shunt_resize_params {
    uint32_t batches, in_height, in_width, channels;
    uint32_t out_height, out_width;
    int32_t height_scale, width_scale;   ///< At least 0; times the largest index at most 2^30.
    int32_t height_offset, width_offset; ///< -512 ... 2^29
    uint32_t reserved[2];                ///< 0
} shunt_resize_params_t;

/// log_softmax_s8: over the last dimension; output scale 1/16, zero point 127.
typedef struct shunt_log_softmax_params {
    uint32_t rows;              ///< Product of all dimensions but the last.
    uint32_t depth;             ///< Last dimension, at most 4095.
    int32_t multiplier;         ///< Q31 mantissa of scale * 2^26.
    int32_t left_shift;         ///< 0 ... 30
    int32_t diff_min;           ///< Differences from the row's maximum below this count as zero.
    int32_t reverse_multiplier; ///< Q31 mantissa of 2^-26 / scale.
    int32_t reverse_shift;      ///< -31 ... 0
    uint32_t reserved;          ///< 0
} shunt_log_softmax_params_t;

/// softmax_s16: over the last dimension; output scale 2^-15, zero point 0.
typedef struct shunt_softmax_s16_params {
    uint32_t rows;        ///< Product of all dimensions but the last.
    uint32_t depth;       ///< Last dimension, at most 65535.
    int32_t multiplier;   ///< Q31 mantissa of beta * scale * 6553.5.
    int32_t shift;        ///< -31 ... 14
    uint32_t exponential; ///< Blob offset of int16_t[513]: exp(x) for x = -10 ... 0.
    uint32_t reciprocal;  ///< Blob offset of int16_t[513]: 1 / (1 + x) for x = 0 ... 1.
    uint32_t reserved[2]; ///< 0
} shunt_softmax_s16_params_t;

/// cumsum_s8: running sums along the middle of three dimensions.
typedef struct shunt_cumsum_params {
    uint32_t outer, count, inner; ///< The tensor's dimensions, merged around the axis.
    uint32_t reverse;             ///< 1: from the end; 0: from the beginning.
    uint32_t exclusive;           ///< 1: without the element itself; 0: with it.
    int32_t input_zero_point;     ///< -128 ... 127
    int32_t multiplier;           ///< Q31; applied to sums with 19 more bits.
    int32_t shift;                ///< -31 ... 0
    int32_t output_zero_point;    ///< -128 ... 127
    uint32_t reserved;            ///< 0
} shunt_cumsum_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_reduction_t) == 48, "layout");
_Static_assert(sizeof(shunt_reduce_sum_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_reduce_max_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_arg_max_params_t) == 16, "layout");
_Static_assert(sizeof(shunt_l2_normalization_params_t) == 16, "layout");
_Static_assert(sizeof(shunt_resize_params_t) == 48, "layout");
_Static_assert(sizeof(shunt_log_softmax_params_t) == 32, "layout");
_Static_assert(sizeof(shunt_softmax_s16_params_t) == 32, "layout");
_Static_assert(sizeof(shunt_cumsum_params_t) == 40, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif

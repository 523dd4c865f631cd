// SPDX-License-Identifier: Apache-2.0
//
// Parameters of what multiplies and accumulates beyond int8 convolutions: int16 activations,
// transposed convolutions, products of two activations. Included by shunt_params.h.
#ifndef SHUNT_PARAMS_MATRIX_H
#define SHUNT_PARAMS_MATRIX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Constants of one output channel of a kernel with int16 activations. Their zero points are 0.
///
/// A narrow step scales as int8 kernels do: `multiplier` is a Q31 mantissa, `shift` -31 ... 30,
/// sums are 32-bit. A wide step (64-bit bias) sums in 64 bits and gives (sum * multiplier + 2^(14 -
/// shift)) >> (15 - shift): `multiplier` 0 ... 32767, `shift` -31 ... 14.
typedef struct shunt_channel16 {
    int64_t bias; ///< Start of the accumulator; -2^31 ... 2^31 - 1 in a narrow step.
    int32_t multiplier;
    int32_t shift;
} shunt_channel16_t;

/// conv2d_s16 and depthwise_conv2d_s16: weights int8, laid out as those of the int8 kernels.
typedef struct shunt_conv2d_s16_params {
    shunt_window_t window;
    uint32_t weights;  ///< Blob offset.
    uint32_t channels; ///< Blob offset of shunt_channel16_t[out_channels].
    int32_t clamp_min; ///< -32768 ... clamp_max
    int32_t clamp_max; ///< clamp_min ... 32767
    uint32_t groups;   ///< Divides in_channels and out_channels; of a depthwise one: in_channels.
    uint32_t wide;     ///< 1: sums have 64 bits; 0: 32 bits.
    uint32_t reserved[2]; ///< 0
} shunt_conv2d_s16_params_t;

/// fully_connected_s16: weights int8 [outputs, inputs].
typedef struct shunt_fully_connected_s16_params {
    uint32_t batches;  ///< Rows of the input, at least 1.
    uint32_t inputs;   ///< Columns of the input.
    uint32_t outputs;  ///< Columns of the output.
    uint32_t weights;  ///< Blob offset.
    uint32_t channels; ///< Blob offset of shunt_channel16_t[outputs].
    int32_t clamp_min; ///< -32768 ... clamp_max
    int32_t clamp_max; ///< clamp_min ... 32767
    uint32_t wide;     ///< 1: sums have 64 bits; 0: 32 bits.
} shunt_fully_connected_s16_params_t;

/// transpose_conv_s8 and transpose_conv_s16: weights int8 [out_channels, kernel_height,
/// kernel_width, in_channels]. The window slides over the output: element (y, x) of the input adds
/// to the output at y * stride_height - pad_top + tap. Dilation is 1.
///
/// `channels` are shunt_channel_t for int8, whose bias is the operator's own: no zero point is
/// folded in, because the taps that reach a pixel differ; and shunt_channel16_t for int16.
typedef struct shunt_transpose_conv_params {
    shunt_window_t window;
    uint32_t weights;          ///< Blob offset.
    uint32_t channels;         ///< Blob offset of out_channels constants.
    int32_t input_zero_point;  ///< -128 ... 127; 0 for int16.
    int32_t output_zero_point; ///< -128 ... 127; 0 for int16.
    int32_t clamp_min;         ///< Of the output's type, at most clamp_max.
    int32_t clamp_max;
    uint32_t wide;     ///< Of int16: 1: sums have 64 bits; 0: 32 bits. 0 for int8.
    uint32_t reserved; ///< 0
} shunt_transpose_conv_params_t;

/// batch_matmul_s8 and batch_matmul_s16: out[b, m, n] = sum over k of a[b, m, k] * b[b, k, n], for
/// three batch dimensions of which either operand may lack some (stride 0).
typedef struct shunt_batch_matmul_params {
    uint32_t batches[3];
    uint32_t rows, columns, depth; ///< m, n, k; at least 1.
    uint32_t batch_strides[2][3];  ///< Per operand, in elements.
    uint32_t row_stride;           ///< Of the first operand along m.
    uint32_t column_stride;        ///< Of the second operand along n.
    uint32_t depth_strides[2];     ///< Of both operands along k.
    int32_t input_zero_point[2];   ///< -128 ... 127; 0 for int16.
    int32_t multiplier;            ///< Q31, as in shunt_channel_t; int16: as if wide.
    int32_t shift;                 ///< -31 ... 30; int16: -31 ... 14.
    int32_t output_zero_point;     ///< -128 ... 127; 0 for int16.
    int32_t clamp_min;             ///< Of the output's type, at most clamp_max.
    int32_t clamp_max;
    uint32_t reserved; ///< 0
} shunt_batch_matmul_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_channel16_t) == 16, "layout");
_Static_assert(sizeof(shunt_conv2d_s16_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_fully_connected_s16_params_t) == 32, "layout");
_Static_assert(sizeof(shunt_transpose_conv_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_batch_matmul_params_t) == 96, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels of the `portable` set, as they stand in a blob's CONSTANTS section
// (Docs/spec/blob-format.md, "Kernel parameters"). Offsets are blob offsets, multiples of 16.
#ifndef SHUNT_PARAMS_H
#define SHUNT_PARAMS_H

#include <stdint.h>

#include "shunt_params_movement.h"
#include "shunt_params_reduce.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Constants of one output channel. The accumulator starts at `bias`, into which the host has
/// folded the input's zero point: bias = b - input_zero_point * sum(weights of the channel), modulo
/// 2^32.
typedef struct shunt_channel {
    int32_t bias;       ///< Start of the accumulator.
    int32_t multiplier; ///< Q31 mantissa of the effective scale: 0, or 2^30 ... 2^31 - 1.
    int32_t shift;      ///< Power of two of the effective scale, -31 ... 30; negative shifts right.
} shunt_channel_t;

/// Constants of one output channel of a step with SHUNT_REQUANTIZE_LINE: its output is
/// clamp((acc * multiplier >> 32) + offset), the product exact in 64 bits and the shift arithmetic.
/// The packer has proved that this is what `exact` rounding gives for every accumulator that the
/// channel can reach.
typedef struct shunt_line {
    int32_t bias;       ///< Start of the accumulator.
    int32_t multiplier; ///< 0 ... 2^31 - 2, even: half of it serves doubling multiplications.
    int32_t offset;     ///< The output's zero point is in it.
} shunt_line_t;

/// Geometry of a window that slides over an image: shared by convolutions and pools.
typedef struct shunt_window {
    uint16_t in_height, in_width, in_channels;
    uint16_t out_height, out_width, out_channels;
    uint16_t kernel_height, kernel_width;
    uint16_t stride_height, stride_width;
    uint16_t dilation_height, dilation_width;
    uint16_t pad_top, pad_left; ///< Rows and columns before the image.
    uint16_t batches;           ///< Images, at least 1.
    uint16_t reserved;          ///< 0
} shunt_window_t;

/// conv2d_s8: weights int8 [out_channels, kernel_height, kernel_width, in_channels / groups].
typedef struct shunt_conv2d_params {
    shunt_window_t window;
    uint32_t weights;          ///< Blob offset.
    uint32_t channels;         ///< Blob offset of shunt_channel_t[out_channels].
    int32_t input_zero_point;  ///< -128 ... 127: the value of padding.
    int32_t output_zero_point; ///< -128 ... 127
    int32_t clamp_min;         ///< -128 ... clamp_max
    int32_t clamp_max;         ///< clamp_min ... 127
    uint32_t groups;           ///< Divides in_channels and out_channels.
    uint32_t reserved;         ///< 0
} shunt_conv2d_params_t;

/// depthwise_conv2d_s8: weights int8 [kernel_height, kernel_width, out_channels]; output channel
/// c reads input channel c / (out_channels / in_channels).
typedef struct shunt_depthwise_conv2d_params {
    shunt_window_t window;     ///< out_channels is a multiple of in_channels.
    uint32_t weights;          ///< Blob offset.
    uint32_t channels;         ///< Blob offset of shunt_channel_t[out_channels].
    int32_t input_zero_point;  ///< -128 ... 127: the value of padding.
    int32_t output_zero_point; ///< -128 ... 127
    int32_t clamp_min;         ///< -128 ... clamp_max
    int32_t clamp_max;         ///< clamp_min ... 127
    uint32_t reserved[2];      ///< 0
} shunt_depthwise_conv2d_params_t;

/// fully_connected_s8: weights int8 [outputs, inputs].
typedef struct shunt_fully_connected_params {
    uint32_t batches;          ///< Rows of the input, at least 1.
    uint32_t inputs;           ///< Columns of the input.
    uint32_t outputs;          ///< Columns of the output.
    uint32_t weights;          ///< Blob offset.
    uint32_t channels;         ///< Blob offset of shunt_channel_t[outputs].
    int32_t output_zero_point; ///< -128 ... 127
    int32_t clamp_min;         ///< -128 ... clamp_max
    int32_t clamp_max;         ///< clamp_min ... 127
} shunt_fully_connected_params_t;

/// add_s8, add_s16, sub_s8, sub_s16, squared_difference_s8, squared_difference_s16: both inputs are
/// brought to one scale, added, and requantized (TFLite's int8 ADD: sums carry `left_shift` extra
/// bits). Broadcasting: an operand's stride is 0 along a dimension in which its size is 1.
typedef struct shunt_add_params {
    uint32_t dims[4];            ///< Output shape, padded in front with 1.
    uint32_t strides[2][4];      ///< Per input, in elements.
    int32_t input_zero_point[2]; ///< -128 ... 127
    int32_t input_multiplier[2]; ///< Q31, as in shunt_channel_t.
    int32_t input_shift[2];      ///< -31 ... 0
    int32_t left_shift;          ///< 0 ... 20
    int32_t output_multiplier;   ///< Q31, as in shunt_channel_t.
    int32_t output_shift;        ///< -31 ... 30
    int32_t output_zero_point;   ///< -128 ... 127
    int32_t clamp_min;           ///< -128 ... clamp_max
    int32_t clamp_max;           ///< clamp_min ... 127
} shunt_add_params_t;

/// average_pool2d_s8, max_pool2d_s8 and their s16 editions: in_channels equals out_channels,
/// dilation is 1. Elements outside the image do not count.
typedef struct shunt_pool2d_params {
    shunt_window_t window;
    int32_t clamp_min; ///< Lowest of the type ... clamp_max
    int32_t clamp_max; ///< clamp_min ... highest of the type
} shunt_pool2d_params_t;

/// softmax_s8: over the last dimension; output scale 1/256, zero point -128. softmax_s8_s16: the
/// same with an int16 output, scale 1/65536, zero point -32768.
typedef struct shunt_softmax_params {
    uint32_t rows;      ///< Product of all dimensions but the last.
    uint32_t depth;     ///< Last dimension, at most 4095.
    int32_t multiplier; ///< Q31 mantissa of beta * scale * 2^26.
    int32_t left_shift; ///< 0 ... 30
    int32_t diff_min;   ///< Differences from the row's maximum below this count as zero; at most 0.
    uint32_t reserved;  ///< 0
} shunt_softmax_params_t;

/// requantize_s8: int8 to int8 with another scale and zero point.
typedef struct shunt_requantize_params {
    uint32_t count;            ///< Elements.
    int32_t input_zero_point;  ///< -128 ... 127
    int32_t multiplier;        ///< Q31, as in shunt_channel_t.
    int32_t shift;             ///< -31 ... 30
    int32_t output_zero_point; ///< -128 ... 127
    uint32_t reserved;         ///< 0
} shunt_requantize_params_t;

/// copy: output bytes = input bytes (a reshape that could not be placed in place).
typedef struct shunt_copy_params {
    uint32_t bytes;
    uint32_t reserved; ///< 0
} shunt_copy_params_t;

// Kernel families with headers of their own.
#include "shunt_params_elementwise.h"
#include "shunt_params_matrix.h"
#include "shunt_params_nibbles.h"

#ifndef __cplusplus
_Static_assert(sizeof(shunt_channel_t) == 12, "layout");
_Static_assert(sizeof(shunt_line_t) == 12, "layout");
_Static_assert(sizeof(shunt_window_t) == 32, "layout");
_Static_assert(sizeof(shunt_conv2d_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_depthwise_conv2d_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_fully_connected_params_t) == 32, "layout");
_Static_assert(sizeof(shunt_add_params_t) == 96, "layout");
_Static_assert(sizeof(shunt_pool2d_params_t) == 40, "layout");
_Static_assert(sizeof(shunt_softmax_params_t) == 24, "layout");
_Static_assert(sizeof(shunt_requantize_params_t) == 24, "layout");
_Static_assert(sizeof(shunt_copy_params_t) == 8, "layout");
#endif

#ifdef __cplusplus
}
#endif

#include "shunt_params_sequence.h"
#include "shunt_params_state.h"

#endif

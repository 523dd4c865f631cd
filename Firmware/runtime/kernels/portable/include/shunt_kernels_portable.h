// SPDX-License-Identifier: Apache-2.0
//
// The portable kernel set: plain C11, the meaning of every operator. The other sets agree with it
// bit for bit.
#ifndef SHUNT_KERNELS_PORTABLE_H
#define SHUNT_KERNELS_PORTABLE_H

#include "shunt_kernel.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const shunt_kernel_t shunt_conv2d_s8_portable;
extern const shunt_kernel_t shunt_depthwise_conv2d_s8_portable;
extern const shunt_kernel_t shunt_fully_connected_s8_portable;
extern const shunt_kernel_t shunt_fully_connected_lanes_s8_portable;
extern const shunt_kernel_t shunt_add_s8_portable;
extern const shunt_kernel_t shunt_add_line_s8_portable;
extern const shunt_kernel_t shunt_average_pool2d_s8_portable;
extern const shunt_kernel_t shunt_max_pool2d_s8_portable;
extern const shunt_kernel_t shunt_softmax_s8_portable;
extern const shunt_kernel_t shunt_requantize_s8_portable;
extern const shunt_kernel_t shunt_copy_portable;
extern const shunt_kernel_t shunt_conv2d_s16_portable;
extern const shunt_kernel_t shunt_depthwise_conv2d_s16_portable;
extern const shunt_kernel_t shunt_fully_connected_s16_portable;
extern const shunt_kernel_t shunt_conv2d_s4_portable;
extern const shunt_kernel_t shunt_fully_connected_s4_portable;
extern const shunt_kernel_t shunt_transpose_conv_s8_portable;
extern const shunt_kernel_t shunt_transpose_conv_s16_portable;
extern const shunt_kernel_t shunt_batch_matmul_s8_portable;
extern const shunt_kernel_t shunt_batch_matmul_s16_portable;
extern const shunt_kernel_t shunt_lookup_s8_portable;
extern const shunt_kernel_t shunt_sub_s8_portable;
extern const shunt_kernel_t shunt_mul_s8_portable;
extern const shunt_kernel_t shunt_div_s8_portable;
extern const shunt_kernel_t shunt_extremum_portable;
extern const shunt_kernel_t shunt_squared_difference_s8_portable;
extern const shunt_kernel_t shunt_compare_s8_portable;
extern const shunt_kernel_t shunt_select_portable;
extern const shunt_kernel_t shunt_prelu_s8_portable;
extern const shunt_kernel_t shunt_requantize_mixed_portable;
extern const shunt_kernel_t shunt_cast_portable;
extern const shunt_kernel_t shunt_add_s16_portable;
extern const shunt_kernel_t shunt_sub_s16_portable;
extern const shunt_kernel_t shunt_mul_s16_portable;
extern const shunt_kernel_t shunt_squared_difference_s16_portable;
extern const shunt_kernel_t shunt_prelu_s16_portable;
extern const shunt_kernel_t shunt_sigmoid_s16_portable;
extern const shunt_kernel_t shunt_piecewise_s16_portable;
extern const shunt_kernel_t shunt_move_portable;
extern const shunt_kernel_t shunt_gather_portable;
extern const shunt_kernel_t shunt_ring_push_portable;
extern const shunt_kernel_t shunt_slide_portable;
extern const shunt_kernel_t shunt_conv2d_ring_s8_portable;
extern const shunt_kernel_t shunt_depthwise_conv2d_ring_s8_portable;
extern const shunt_kernel_t shunt_fully_connected_ring_s8_portable;
extern const shunt_kernel_t shunt_reduce_sum_s8_portable;
extern const shunt_kernel_t shunt_reduce_sum_s16_portable;
extern const shunt_kernel_t shunt_reduce_max_s8_portable;
extern const shunt_kernel_t shunt_arg_max_s8_portable;
extern const shunt_kernel_t shunt_l2_normalization_s8_portable;
extern const shunt_kernel_t shunt_resize_bilinear_s8_portable;
extern const shunt_kernel_t shunt_log_softmax_s8_portable;
extern const shunt_kernel_t shunt_softmax_s8_s16_portable;
extern const shunt_kernel_t shunt_softmax_s16_portable;
extern const shunt_kernel_t shunt_average_pool2d_s16_portable;
extern const shunt_kernel_t shunt_max_pool2d_s16_portable;
extern const shunt_kernel_t shunt_cumsum_s8_portable;
extern const shunt_kernel_t shunt_lstm_s8_portable;
extern const shunt_kernel_t shunt_lstm_s16_portable;
extern const shunt_kernel_t shunt_svdf_s8_portable;

/// All kernels of the set.
extern const shunt_kernel_table_t shunt_kernels_portable;

#ifdef __cplusplus
}
#endif
#endif

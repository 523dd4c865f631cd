// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernels_portable.h"

static const shunt_kernel_t *const kernels[] = {
    &shunt_conv2d_s8_portable,
    &shunt_depthwise_conv2d_s8_portable,
    &shunt_fully_connected_s8_portable,
    &shunt_add_s8_portable,
    &shunt_average_pool2d_s8_portable,
    &shunt_max_pool2d_s8_portable,
    &shunt_softmax_s8_portable,
    &shunt_requantize_s8_portable,
    &shunt_copy_portable,
    &shunt_reduce_sum_s8_portable,
    &shunt_reduce_sum_s16_portable,
    &shunt_reduce_max_s8_portable,
    &shunt_arg_max_s8_portable,
    &shunt_l2_normalization_s8_portable,
    &shunt_resize_bilinear_s8_portable,
    &shunt_log_softmax_s8_portable,
    &shunt_softmax_s8_s16_portable,
    &shunt_softmax_s16_portable,
    &shunt_average_pool2d_s16_portable,
    &shunt_max_pool2d_s16_portable,
    &shunt_cumsum_s8_portable,
};

const shunt_kernel_table_t shunt_kernels_portable = {kernels, sizeof kernels / sizeof kernels[0]};

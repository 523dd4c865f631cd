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
    &shunt_lookup_s8_portable,
    &shunt_sub_s8_portable,
    &shunt_mul_s8_portable,
    &shunt_div_s8_portable,
    &shunt_extremum_portable,
    &shunt_squared_difference_s8_portable,
    &shunt_compare_s8_portable,
    &shunt_select_portable,
    &shunt_prelu_s8_portable,
    &shunt_requantize_mixed_portable,
    &shunt_cast_portable,
    &shunt_add_s16_portable,
    &shunt_sub_s16_portable,
    &shunt_mul_s16_portable,
    &shunt_squared_difference_s16_portable,
    &shunt_prelu_s16_portable,
    &shunt_sigmoid_s16_portable,
    &shunt_piecewise_s16_portable,
};

const shunt_kernel_table_t shunt_kernels_portable = {kernels, sizeof kernels / sizeof kernels[0]};

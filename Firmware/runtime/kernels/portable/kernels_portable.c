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
    &shunt_ring_push_portable,
    &shunt_slide_portable,
    &shunt_conv2d_ring_s8_portable,
    &shunt_depthwise_conv2d_ring_s8_portable,
    &shunt_fully_connected_ring_s8_portable,
};

const shunt_kernel_table_t shunt_kernels_portable = {kernels, sizeof kernels / sizeof kernels[0]};

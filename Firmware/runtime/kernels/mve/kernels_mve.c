// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernels_mve.h"

static const shunt_kernel_t *const kernels[] = {
    &shunt_conv2d_s8_mve,   &shunt_depthwise_conv2d_s8_mve, &shunt_fully_connected_s8_mve,
    &shunt_add_line_s8_mve, &shunt_average_pool2d_s8_mve,   &shunt_max_pool2d_s8_mve,
};

const shunt_kernel_table_t shunt_kernels_mve = {kernels, sizeof kernels / sizeof kernels[0]};

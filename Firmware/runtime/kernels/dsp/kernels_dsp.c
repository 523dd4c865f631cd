// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernels_dsp.h"

static const shunt_kernel_t *const kernels[] = {
    &shunt_conv2d_s8_dsp,   &shunt_depthwise_conv2d_s8_dsp, &shunt_fully_connected_s8_dsp,
    &shunt_add_line_s8_dsp, &shunt_average_pool2d_s8_dsp,   &shunt_max_pool2d_s8_dsp,
    &shunt_conv2d_s4_dsp,   &shunt_fully_connected_s4_dsp,
};

const shunt_kernel_table_t shunt_kernels_dsp = {kernels, sizeof kernels / sizeof kernels[0]};

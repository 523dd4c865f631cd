// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel.h"
#include "window_s16.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_status_t status = SHUNT_CHECK_WINDOW_S16(call);
    const shunt_conv2d_s16_params_t *p = call->params;
    return status == SHUNT_OK && p->groups == p->window.in_channels ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_s16_params_t *p = call->params;
    const channel_layout_t layout = {
        .depth = 1,
        .group_outputs = p->window.out_channels / p->groups,
        .channel_stride = 1,
        .tap_stride = p->window.out_channels,
    };
    SHUNT_CONVOLVE_S16(call, &layout);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s16) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "depthwise_conv2d_s16",
    .check = check,
    .run = run,
};

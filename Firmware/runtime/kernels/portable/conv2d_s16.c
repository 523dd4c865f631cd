// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel.h"
#include "window_s16.h"

static void run(const shunt_call_t *call) {
    const shunt_conv2d_s16_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const uint32_t depth = window->in_channels / p->groups;
    const channel_layout_t layout = {
        .depth = depth,
        .group_outputs = window->out_channels / p->groups,
        .channel_stride = window->kernel_height * window->kernel_width * depth,
        .tap_stride = depth,
    };
    SHUNT_CONVOLVE_S16(call, &layout);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s16) = {
    .id = SHUNT_KERNEL_CONV2D_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "conv2d_s16",
    .check = SHUNT_CHECK_WINDOW_S16,
    .run = run,
};

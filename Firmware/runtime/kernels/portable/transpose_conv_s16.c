// SPDX-License-Identifier: Apache-2.0
#include "scale_s16.h"
#include "transpose_conv.h"

static int64_t dot(const shunt_transpose_conv_params_t *p, const void *in, size_t index,
                   const int8_t *weights) {
    return dot_s16((const int16_t *)in + index, weights, p->window.in_channels);
}

static void store(const shunt_call_t *call, void *out, size_t index, uint32_t channel,
                  int64_t sum) {
    const shunt_transpose_conv_params_t *p = call->params;
    const shunt_channel16_t *constants = shunt_constants(call, p->channels);
    constants += channel;
    ((int16_t *)out)[index] =
        output_s16(constants->bias + sum, constants, p->wide != 0, p->clamp_min, p->clamp_max);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_transpose_conv_params_t *p = call->params;
    const bool valid =
        SHUNT_CHECK_TRANSPOSE(call, SHUNT_TYPE_S16) && p->wide <= 1 &&
        SHUNT_CHECK_CHANNELS16(call, p->channels, p->window.out_channels, p->wide != 0) &&
        p->input_zero_point == 0 && p->output_zero_point == 0 &&
        shunt_check_clamp_s16(p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    static const transpose_element_t element = {dot, store};
    SHUNT_CONVOLVE_TRANSPOSED(call, &element);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(transpose_conv_s16) = {
    .id = SHUNT_KERNEL_TRANSPOSE_CONV_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "transpose_conv_s16",
    .check = check,
    .run = run,
};

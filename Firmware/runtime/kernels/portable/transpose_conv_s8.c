// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "shunt_kernel_checks.h"
#include "transpose_conv.h"

static int64_t dot(const shunt_transpose_conv_params_t *p, const void *in, size_t index,
                   const int8_t *weights) {
    const int8_t *x = (const int8_t *)in + index;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < p->window.in_channels; i++) {
        sum += (uint32_t)((x[i] - p->input_zero_point) * weights[i]);
    }
    return (int32_t)sum;
}

static void store(const shunt_call_t *call, void *out, size_t index, uint32_t channel,
                  int64_t sum) {
    const shunt_transpose_conv_params_t *p = call->params;
    const shunt_channel_t *constants = shunt_constants(call, p->channels);
    constants += channel;
    // Sums wrap modulo 2^32.
    const uint32_t biased = (uint32_t)(uint64_t)sum + (uint32_t)constants->bias;
    const int32_t scaled = scale_value((int32_t)biased, constants->multiplier, constants->shift);
    ((int8_t *)out)[index] = to_output(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_transpose_conv_params_t *p = call->params;
    const bool valid = SHUNT_CHECK_TRANSPOSE(call, SHUNT_TYPE_S8) &&
                       shunt_check_channels(call, p->channels, p->window.out_channels) &&
                       shunt_check_zero_point(p->input_zero_point) &&
                       shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
                       p->wide == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    static const transpose_element_t element = {dot, store};
    SHUNT_CONVOLVE_TRANSPOSED(call, &element);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(transpose_conv_s8) = {
    .id = SHUNT_KERNEL_TRANSPOSE_CONV_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "transpose_conv_s8",
    .check = check,
    .run = run,
};

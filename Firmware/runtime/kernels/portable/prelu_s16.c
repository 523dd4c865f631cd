// SPDX-License-Identifier: Apache-2.0
#include "prelu.h"

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_prelu_params_t *p = call->params;
    const int16_t *in = row->in[0];
    const int8_t *factor = row->in[1];
    int16_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        out[i] = (int16_t)prelu_value(p, *in, *factor, INT16_MIN, INT16_MAX);
        in += row->step[0];
        factor += row->step[1];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return prelu_valid(call, SHUNT_TYPE_S16) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(prelu_s16) = {
    .id = SHUNT_KERNEL_PRELU_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "prelu_s16",
    .check = check,
    .run = run,
};

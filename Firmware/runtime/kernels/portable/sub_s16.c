// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel_checks.h"
#include "sum.h"

enum {
    MAX_LEFT_SHIFT = 15
}; // A difference to the zero point has 16 bits and a sign: 15 more just fit.

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_add_params_t *p = call->params;
    const int16_t *a = row->in[0];
    const int16_t *b = row->in[1];
    int16_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        const uint32_t difference = (uint32_t)sum_term(p, 0, *a) - (uint32_t)sum_term(p, 1, *b);
        out[i] = (int16_t)sum_output(p, (int32_t)difference);
        a += row->step[0];
        b += row->step[1];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_SUM_VALID(call, SHUNT_TYPE_S16, MAX_LEFT_SHIFT) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(sub_s16) = {
    .id = SHUNT_KERNEL_SUB_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "sub_s16",
    .check = check,
    .run = run,
};

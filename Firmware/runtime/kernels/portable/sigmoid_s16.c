// SPDX-License-Identifier: Apache-2.0
#include "sigmoid.h"

#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_sigmoid_params_t *p = call->params;
    const bool valid =
        shunt_check_counts(call, 1, 1, sizeof *p) && shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) &&
        shunt_check_in_place(call, 0) && (uint64_t)p->count * 2 == shunt_operand(call, 0)->bytes &&
        shunt_operand(call, 0)->bytes == shunt_operand(call, 1)->bytes &&
        sigmoid_valid(call, p->table, p->multiplier, p->shift) && p->is_tanh <= 1 &&
        p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_sigmoid_params_t *p = call->params;
    const uint16_t *table = shunt_constants(call, p->table);
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t x = sigmoid_argument(in[i], p->multiplier, p->shift);
        out[i] = p->is_tanh != 0 ? SHUNT_TANH_S16(table, x) : SHUNT_LOGISTIC_S16(table, x);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(sigmoid_s16) = {
    .id = SHUNT_KERNEL_SIGMOID_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "sigmoid_s16",
    .check = check,
    .run = run,
};

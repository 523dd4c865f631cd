// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_copy_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) && p->reserved == 0 &&
                       p->bytes == shunt_operand(call, 0)->bytes &&
                       p->bytes == shunt_operand(call, 1)->bytes &&
                       shunt_operand(call, 0)->type == shunt_operand(call, 1)->type &&
                       shunt_check_in_place(call, 0);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_copy_params_t *p = call->params;
    const void *in = shunt_operand_in(call, 0);
    void *out = shunt_operand_out(call, 0);
    if (in != out) {
        memcpy(out, in, p->bytes);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(copy) = {
    .id = SHUNT_KERNEL_COPY,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "copy",
    .check = check,
    .run = run,
};

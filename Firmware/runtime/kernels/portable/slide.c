// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_slide_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) &&
                       shunt_operand(call, 0)->type == shunt_operand(call, 1)->type &&
                       shunt_check_separate(call) &&
                       p->new_bytes == shunt_operand(call, 0)->bytes &&
                       p->bytes == shunt_operand(call, 1)->bytes && p->new_bytes <= p->bytes;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_slide_params_t *p = call->params;
    const uint32_t kept = p->bytes - p->new_bytes;
    uint8_t *rows = shunt_operand_out(call, 0);
    memmove(rows, rows + p->new_bytes, kept);
    memcpy(rows + kept, shunt_operand_in(call, 0), p->new_bytes);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(slide) = {
    .id = SHUNT_KERNEL_SLIDE,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "slide",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "ring.h"
#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_ring_push_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 2, sizeof *p) &&
                       shunt_operand(call, 0)->type == shunt_operand(call, 1)->type &&
                       shunt_check_type(call, 2, 1, SHUNT_TYPE_S32) && shunt_check_separate(call) &&
                       (uint64_t)p->new_rows * p->row_bytes == shunt_operand(call, 0)->bytes &&
                       (uint64_t)p->rows * p->row_bytes == shunt_operand(call, 1)->bytes &&
                       p->new_rows <= p->rows &&
                       p->head < shunt_operand(call, 2)->bytes / sizeof(int32_t);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_ring_push_params_t *p = call->params;
    const uint8_t *in = shunt_operand_in(call, 0);
    uint8_t *ring = shunt_operand_out(call, 0);
    int32_t *heads = shunt_operand_out(call, 1);
    uint32_t row = ring_head(heads, p->head, p->rows);
    for (uint32_t i = 0; i < p->new_rows; i++) {
        memcpy(ring + (size_t)row * p->row_bytes, in, p->row_bytes);
        in += p->row_bytes;
        row = row + 1 < p->rows ? row + 1 : 0;
    }
    heads[p->head] = (int32_t)row;
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(ring_push) = {
    .id = SHUNT_KERNEL_RING_PUSH,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "ring_push",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "elements.h"
#include "shunt_kernel_checks.h"

enum { TABLE_BYTES = 256 };

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_lookup_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) &&
                       element_bytes(shunt_operand(call, 0)->type) == 1 &&
                       element_bytes(shunt_operand(call, 1)->type) == 1 &&
                       p->count == shunt_operand(call, 0)->bytes &&
                       p->count == shunt_operand(call, 1)->bytes && shunt_check_in_place(call, 0) &&
                       shunt_constants_valid(call, p->table, TABLE_BYTES) && p->reserved[0] == 0 &&
                       p->reserved[1] == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_lookup_params_t *p = call->params;
    const uint8_t *table = shunt_constants(call, p->table);
    const uint8_t *in = shunt_operand_in(call, 0);
    uint8_t *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        out[i] = table[in[i]];
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(lookup_s8) = {
    .id = SHUNT_KERNEL_LOOKUP_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "lookup_s8",
    .check = check,
    .run = run,
};

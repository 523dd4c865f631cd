// SPDX-License-Identifier: Apache-2.0
#include "elements.h"
#include "shunt_kernel_checks.h"

static bool operand_valid(const shunt_call_t *call, uint32_t index) {
    const shunt_cast_params_t *p = call->params;
    const shunt_blob_tensor_t *tensor = shunt_operand(call, index);
    const uint32_t bytes = element_bytes(tensor->type);
    return bytes != 0 && (uint64_t)p->count * bytes == tensor->bytes;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_cast_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) && operand_valid(call, 0) &&
                       operand_valid(call, 1) && shunt_check_in_place(call, 0) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_cast_params_t *p = call->params;
    const uint32_t from = shunt_operand(call, 0)->type;
    const uint32_t to = shunt_operand(call, 1)->type;
    const void *in = shunt_operand_in(call, 0);
    void *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t value = element_load(in, from, i);
        element_store(out, to, i, to == SHUNT_TYPE_BOOL ? value != 0 : value);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(cast) = {
    .id = SHUNT_KERNEL_CAST,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "cast",
    .check = check,
    .run = run,
};

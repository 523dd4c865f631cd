// SPDX-License-Identifier: Apache-2.0
#include "broadcast.h"
#include "elements.h"
#include "shunt_kernel_checks.h"

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const uint32_t type = shunt_operand(call, 1)->type;
    const uint8_t *condition = row->in[0];
    for (uint32_t i = 0; i < row->count; i++) {
        const uint32_t from = condition[i * row->step[0]] != 0 ? 1 : 2;
        element_store(row->out, type, i, element_load(row->in[from], type, i * row->step[from]));
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const bool valid = shunt_check_counts(call, 3, 1, sizeof(shunt_select_params_t)) &&
                       shunt_check_type(call, 0, 1, SHUNT_TYPE_BOOL) &&
                       shunt_check_type(call, 1, 3, shunt_operand(call, 1)->type) &&
                       SHUNT_BROADCAST_VALID(call);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(select) = {
    .id = SHUNT_KERNEL_SELECT,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "select",
    .check = check,
    .run = run,
};

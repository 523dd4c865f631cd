// SPDX-License-Identifier: Apache-2.0
#include "broadcast.h"
#include "elements.h"
#include "shunt_kernel_checks.h"

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_extremum_params_t *p = call->params;
    const uint32_t type = shunt_operand(call, 0)->type;
    for (uint32_t i = 0; i < row->count; i++) {
        const int32_t a = element_load(row->in[0], type, i * row->step[0]);
        const int32_t b = element_load(row->in[1], type, i * row->step[1]);
        element_store(row->out, type, i, (a < b) == (p->is_maximum != 0) ? b : a);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_extremum_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 2, 1, sizeof *p) &&
                       shunt_check_type(call, 0, 3, shunt_operand(call, 0)->type) &&
                       SHUNT_BROADCAST_VALID(call) && p->is_maximum <= 1 && p->reserved[0] == 0 &&
                       p->reserved[1] == 0 && p->reserved[2] == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(extremum) = {
    .id = SHUNT_KERNEL_EXTREMUM,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "extremum",
    .check = check,
    .run = run,
};

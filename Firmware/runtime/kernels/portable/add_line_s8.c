// SPDX-License-Identifier: Apache-2.0
#include "broadcast.h"
#include "requantize.h"
#include "shunt_kernel_checks.h"

/// multiplier * element >> 8, in two parts, so that nothing needs more than 32 bits: what the
/// multiplier's upper bits contribute is a multiple of 2^8.
static uint32_t term(int32_t multiplier, int32_t element) {
    return (uint32_t)((multiplier >> 8) * element + (((multiplier & UINT8_MAX) * element) >> 8));
}

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_add_line_params_t *p = call->params;
    // Copies, since outputs could overwrite everything else, for all that compilers know.
    const shunt_add_line_params_t line = *p;
    const uint32_t step_a = row->step[0], step_b = row->step[1];
    const int8_t *a = row->in[0];
    const int8_t *b = row->in[1];
    int8_t *out = row->out;
    for (uint32_t left = row->count; left > 0; left--, a += step_a, b += step_b) {
        const uint32_t sum =
            (uint32_t)line.offset + term(line.multiplier[0], *a) + term(line.multiplier[1], *b);
        const int32_t value = (int32_t)sum >> SHUNT_ADD_LINE_SHIFT;
        *out++ = (int8_t)clamp(value, line.clamp_min, line.clamp_max);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 2, 1, sizeof *p) && SHUNT_BROADCAST_VALID(call) &&
                       ((p->multiplier[0] | p->multiplier[1]) & 1) == 0 &&
                       shunt_check_clamp(p->clamp_min, p->clamp_max) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_line_s8) = {
    .id = SHUNT_KERNEL_ADD_LINE_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "add_line_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "broadcast.h"
#include "elements.h"
#include "shunt_kernel_checks.h"

enum { MAX_LEFT_SHIFT = 20 };

/// An input's element as a number that can be compared with the other's.
static int32_t term(const shunt_compare_params_t *p, uint32_t input, int32_t value) {
    const int32_t shifted = (value - p->input_zero_point[input]) * (1 << p->left_shift);
    return scale_value(shifted, p->input_multiplier[input], p->input_shift[input]);
}

static uint8_t holds(uint32_t relation, int32_t a, int32_t b) {
    // Odd relations are the contrary of those before them.
    bool result = a == b;
    if (relation >= SHUNT_COMPARE_GREATER) {
        result = a > b;
    }
    if (relation >= SHUNT_COMPARE_LESS) {
        result = a < b;
    }
    return result != ((relation & 1u) != 0);
}

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_compare_params_t *p = call->params;
    const int8_t *a = row->in[0];
    const int8_t *b = row->in[1];
    uint8_t *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        out[i] = holds(p->relation, term(p, 0, *a), term(p, 1, *b));
        a += row->step[0];
        b += row->step[1];
    }
}

static bool input_valid(const shunt_call_t *call, uint32_t input) {
    const shunt_compare_params_t *p = call->params;
    const uint32_t type = shunt_operand(call, input)->type;
    return (type == SHUNT_TYPE_S8 || type == SHUNT_TYPE_BOOL) &&
           shunt_check_zero_point(p->input_zero_point[input]) &&
           shunt_check_scale(p->input_multiplier[input], p->input_shift[input], -31, 0);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_compare_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 2, 1, sizeof *p) &&
                       shunt_check_type(call, 2, 1, SHUNT_TYPE_BOOL) && input_valid(call, 0) &&
                       input_valid(call, 1) && SHUNT_BROADCAST_VALID(call) && p->left_shift >= 0 &&
                       p->left_shift <= MAX_LEFT_SHIFT &&
                       p->relation <= SHUNT_COMPARE_GREATER_EQUAL;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(compare_s8) = {
    .id = SHUNT_KERNEL_COMPARE_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "compare_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
//
// The body of a kernel that brings two inputs to one scale and combines them. The file that
// includes it, once, has defined
//
//     SUM_KERNEL          the kernel's name, such as add_s8
//     SUM_KERNEL_ID       its shunt_kernel_id_t
//     SUM_ELEMENT         int8_t or int16_t
//     SUM_TYPE            the shunt_type_t of that
//     SUM_MAX_LEFT_SHIFT  extra bits of a term for which no combination overflows
//
// and a function `combine` of two terms in the common scale.
#include "shunt_kernel_checks.h"
#include "sum.h"

#define SUM_TEXT_(name) #name
#define SUM_TEXT(name) SUM_TEXT_(name)

static void compute(const shunt_call_t *call, const broadcast_row_t *row) {
    const shunt_add_params_t *p = call->params;
    const SUM_ELEMENT *a = row->in[0];
    const SUM_ELEMENT *b = row->in[1];
    SUM_ELEMENT *out = row->out;
    for (uint32_t i = 0; i < row->count; i++) {
        const int32_t combined = combine(sum_term(p, 0, *a), sum_term(p, 1, *b));
        out[i] = (SUM_ELEMENT)sum_output(p, combined);
        a += row->step[0];
        b += row->step[1];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_SUM_VALID(call, SUM_TYPE, SUM_MAX_LEFT_SHIFT) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_BROADCAST(call, compute);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(SUM_KERNEL) = {
    .id = SUM_KERNEL_ID,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = SUM_TEXT(SUM_KERNEL),
    .check = check,
    .run = run,
};

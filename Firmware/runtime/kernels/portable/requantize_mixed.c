// SPDX-License-Identifier: Apache-2.0
#include "elements.h"
#include "shunt_kernel_checks.h"

/// Whether operand `index` has `count` elements and a zero point of its type.
static bool operand_valid(const shunt_call_t *call, uint32_t index, int32_t zero_point) {
    const shunt_requantize_params_t *p = call->params;
    const shunt_blob_tensor_t *tensor = shunt_operand(call, index);
    const uint32_t bytes = element_bytes(tensor->type);
    return bytes != 0 && (uint64_t)p->count * bytes == tensor->bytes &&
           element_valid(zero_point, tensor->type);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_requantize_params_t *p = call->params;
    const bool valid =
        shunt_check_counts(call, 1, 1, sizeof *p) && operand_valid(call, 0, p->input_zero_point) &&
        operand_valid(call, 1, p->output_zero_point) && shunt_check_in_place(call, 0) &&
        shunt_check_scale(p->multiplier, p->shift, -31, 30) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// value + addend modulo 2^32: zero points of int32 have no bounds.
static int32_t wrapping_sum(int32_t value, int32_t addend) {
    return (int32_t)((uint32_t)value + (uint32_t)addend);
}

static void run(const shunt_call_t *call) {
    const shunt_requantize_params_t *p = call->params;
    const uint32_t from = shunt_operand(call, 0)->type;
    const uint32_t to = shunt_operand(call, 1)->type;
    const void *in = shunt_operand_in(call, 0);
    void *out = shunt_operand_out(call, 0);
    const int32_t min = element_min(to);
    const int32_t max = element_max(to);
    const int32_t offset = (int32_t)(0u - (uint32_t)p->input_zero_point);
    for (uint32_t i = 0; i < p->count; i++) {
        const int32_t value = wrapping_sum(element_load(in, from, i), offset);
        const int32_t scaled = scale_value(value, p->multiplier, p->shift);
        element_store(out, to, i, clamp(wrapping_sum(scaled, p->output_zero_point), min, max));
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(requantize_mixed) = {
    .id = SHUNT_KERNEL_REQUANTIZE_MIXED,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "requantize_mixed",
    .check = check,
    .run = run,
};

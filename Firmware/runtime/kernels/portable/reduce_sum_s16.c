// SPDX-License-Identifier: Apache-2.0
#include "reduction.h"
#include "requantize.h"

/// Sum of `count` elements, `stride` apart; wraps. Four at a time: most reductions run over the
/// hundreds of pixels of one channel.
static uint32_t sum_of_run(const int16_t *element, uint32_t count, uint32_t stride) {
    uint32_t sum = 0;
    for (; count >= 4; count -= 4) {
        sum += (uint32_t)element[0] + (uint32_t)element[stride];
        element += 2 * (size_t)stride;
        sum += (uint32_t)element[0] + (uint32_t)element[stride];
        element += 2 * (size_t)stride;
    }
    for (; count > 0; count--) {
        const int32_t value = *element;
        sum += (uint32_t)value;
        element += stride;
    }
    return sum;
}

static void sum_element(const shunt_call_t *call, uint32_t first, uint32_t index) {
    const shunt_reduce_sum_params_t *p = call->params;
    const shunt_reduction_t *r = &p->reduction;
    const int16_t *in = shunt_operand_in(call, 0);
    int16_t *out = shunt_operand_out(call, 0);
    uint32_t sum = (uint32_t)p->offset;
    for (uint32_t i = 0; i < r->reduced[0]; i++) {
        const int16_t *row = in + first + (size_t)i * r->reduced_strides[0];
        for (uint32_t j = 0; j < r->reduced[1]; j++) {
            sum += sum_of_run(row, r->reduced[2], r->reduced_strides[2]);
            row += r->reduced_strides[1];
        }
    }
    const int32_t scaled = scale_value((int32_t)sum, p->multiplier, p->shift);
    out[index] = (int16_t)(clamp(scaled, INT16_MIN - p->output_zero_point,
                                 INT16_MAX - p->output_zero_point) +
                           p->output_zero_point);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_reduce_sum_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) ||
        !shunt_check_type(call, 0, 2, SHUNT_TYPE_S16)) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        shunt_check_separate(call) &&
        SHUNT_REDUCTION_CHECK(&p->reduction, shunt_operand(call, 0)->bytes / sizeof(int16_t),
                              shunt_operand(call, 1)->bytes / sizeof(int16_t)) &&
        p->multiplier >= 0 && p->shift >= -31 && p->shift <= 30 &&
        p->output_zero_point >= INT16_MIN && p->output_zero_point <= INT16_MAX;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_reduce_sum_params_t *p = call->params;
    SHUNT_REDUCTION_RUN(call, &p->reduction, sum_element);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(reduce_sum_s16) = {
    .id = SHUNT_KERNEL_REDUCE_SUM_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "reduce_sum_s16",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
//
// The body of a kernel that sums up. The file that includes it, once, has defined
//
//     REDUCE_KERNEL                  the kernel's name, such as reduce_sum_s8
//     REDUCE_KERNEL_ID               its shunt_kernel_id_t
//     REDUCE_ELEMENT                 int8_t or int16_t
//     REDUCE_TYPE                    the shunt_type_t of that
//     REDUCE_LOWEST, REDUCE_HIGHEST  the type's range
#include "reduction.h"
#include "requantize.h"

#define REDUCE_TEXT_(name) #name
#define REDUCE_TEXT(name) REDUCE_TEXT_(name)

/// Sum of `count` elements, `stride` apart; wraps. Four at a time: most reductions run over the
/// hundreds of pixels of one channel.
static uint32_t sum_of_run(const REDUCE_ELEMENT *element, uint32_t count, uint32_t stride) {
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
    const REDUCE_ELEMENT *in = shunt_operand_in(call, 0);
    REDUCE_ELEMENT *out = shunt_operand_out(call, 0);
    uint32_t sum = (uint32_t)p->offset;
    for (uint32_t i = 0; i < r->reduced[0]; i++) {
        const REDUCE_ELEMENT *row = in + first + (size_t)i * r->reduced_strides[0];
        for (uint32_t j = 0; j < r->reduced[1]; j++) {
            sum += sum_of_run(row, r->reduced[2], r->reduced_strides[2]);
            row += r->reduced_strides[1];
        }
    }
    const int32_t scaled = scale_value((int32_t)sum, p->multiplier, p->shift);
    out[index] = (REDUCE_ELEMENT)(clamp(scaled, REDUCE_LOWEST - p->output_zero_point,
                                        REDUCE_HIGHEST - p->output_zero_point) +
                                  p->output_zero_point);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_reduce_sum_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) || !shunt_check_type(call, 0, 2, REDUCE_TYPE)) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        shunt_check_separate(call) &&
        SHUNT_REDUCTION_CHECK(&p->reduction, shunt_operand(call, 0)->bytes / sizeof(REDUCE_ELEMENT),
                              shunt_operand(call, 1)->bytes / sizeof(REDUCE_ELEMENT)) &&
        p->multiplier >= 0 && p->shift >= -31 && p->shift <= 30 &&
        p->output_zero_point >= REDUCE_LOWEST && p->output_zero_point <= REDUCE_HIGHEST;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_reduce_sum_params_t *p = call->params;
    SHUNT_REDUCTION_RUN(call, &p->reduction, sum_element);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(REDUCE_KERNEL) = {
    .id = REDUCE_KERNEL_ID,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = REDUCE_TEXT(REDUCE_KERNEL),
    .check = check,
    .run = run,
};

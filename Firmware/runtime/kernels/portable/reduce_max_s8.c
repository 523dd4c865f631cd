// SPDX-License-Identifier: Apache-2.0
#include "reduction.h"

static void maximum_element(const shunt_call_t *call, uint32_t first, uint32_t index) {
    const shunt_reduce_max_params_t *p = call->params;
    const shunt_reduction_t *r = &p->reduction;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    int32_t largest = INT8_MIN;
    for (uint32_t i = 0; i < r->reduced[0]; i++) {
        for (uint32_t j = 0; j < r->reduced[1]; j++) {
            const int8_t *element =
                in + first + (size_t)i * r->reduced_strides[0] + (size_t)j * r->reduced_strides[1];
            for (uint32_t k = 0; k < r->reduced[2]; k++) {
                const int32_t value = *element ^ p->flip;
                largest = value > largest ? value : largest;
                element += r->reduced_strides[2];
            }
        }
    }
    out[index] = (int8_t)(largest ^ p->flip);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_reduce_max_params_t *p = call->params;
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_separate(call) &&
                       SHUNT_REDUCTION_CHECK(&p->reduction, shunt_operand(call, 0)->bytes,
                                             shunt_operand(call, 1)->bytes) &&
                       (p->flip == 0 || p->flip == -1) && p->reserved[0] == 0 &&
                       p->reserved[1] == 0 && p->reserved[2] == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_reduce_max_params_t *p = call->params;
    SHUNT_REDUCTION_RUN(call, &p->reduction, maximum_element);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(reduce_max_s8) = {
    .id = SHUNT_KERNEL_REDUCE_MAX_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "reduce_max_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "elements.h"
#include "shunt_kernel_checks.h"

/// Element `index` of int32 constants; 0 where there are none.
static uint32_t bias(const shunt_call_t *call, uint32_t offset, uint32_t index) {
    const uint32_t *biases = shunt_constants(call, offset);
    return offset != 0 ? biases[index] : 0;
}

/// What a filter makes of the input: the newest element of its memory.
static int32_t feature(const shunt_call_t *call, const int8_t *in, uint32_t filter, uint32_t type) {
    const shunt_svdf_params_t *p = call->params;
    const int8_t *w =
        (const int8_t *)shunt_constants(call, p->features) + (size_t)filter * p->inputs;
    uint32_t sum = bias(call, p->feature_biases, filter);
    for (uint32_t i = 0; i < p->inputs; i++) {
        sum += (uint32_t)(in[i] * w[i]);
    }
    return output_value(scale_value((int32_t)sum, p->feature_multiplier, p->feature_shift),
                        p->state_zero_point, element_min(type), element_max(type));
}

/// Sum of products of `count` elements of type int8 or int16.
static uint32_t dot(const void *a, const void *b, uint32_t type, uint32_t count) {
    uint32_t sum = 0;
    if (type == SHUNT_TYPE_S8) {
        const int8_t *x = a, *y = b;
        for (uint32_t i = 0; i < count; i++) {
            sum += (uint32_t)(x[i] * y[i]);
        }
    } else {
        const int16_t *x = a, *y = b;
        for (uint32_t i = 0; i < count; i++) {
            sum += (uint32_t)(x[i] * y[i]);
        }
    }
    return sum;
}

/// Moves a filter's memory on by `newest` and weighs it.
static uint32_t remember(const shunt_call_t *call, uint8_t *memory, uint32_t filter,
                         int32_t newest) {
    const shunt_svdf_params_t *p = call->params;
    const uint32_t type = shunt_operand(call, 2)->type;
    const size_t element = element_bytes(type);
    const uint8_t *times = shunt_constants(call, p->times);
    memmove(memory, memory + element, (p->memory - 1) * element);
    element_store(memory, type, p->memory - 1, newest);
    return dot(memory, times + filter * p->memory * element, type, p->memory);
}

static void run(const shunt_call_t *call) {
    const shunt_svdf_params_t *p = call->params;
    const uint32_t type = shunt_operand(call, 2)->type;
    const size_t memory_bytes = (size_t)p->memory * element_bytes(type);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    uint8_t *memory = shunt_operand_out(call, 1);
    for (uint32_t batch = 0; batch < p->batches; batch++, in += p->inputs) {
        uint32_t filter = 0;
        for (uint32_t unit = 0; unit < p->units; unit++) {
            uint32_t sum = bias(call, p->biases, unit);
            for (uint32_t i = 0; i < p->rank; i++, filter++, memory += memory_bytes) {
                sum += remember(call, memory, filter, feature(call, in, filter, type));
            }
            const int32_t scaled = scale_value((int32_t)sum, p->output_multiplier, p->output_shift);
            *out++ = to_output(scaled, p->output_zero_point, INT8_MIN, INT8_MAX);
        }
    }
}

static bool biases_valid(const shunt_call_t *call, uint32_t offset, uint64_t count) {
    return offset == 0 || shunt_constants_valid(call, offset, count * sizeof(int32_t));
}

static bool sizes_valid(const shunt_call_t *call, uint32_t element) {
    const shunt_svdf_params_t *p = call->params;
    const uint64_t filters = (uint64_t)p->units * p->rank;
    const uint64_t remembered = filters <= UINT32_MAX ? filters * p->memory : UINT64_MAX;
    return remembered <= UINT32_MAX && remembered != 0 &&
           shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
           shunt_check_product(p->batches, p->units, shunt_operand(call, 1)->bytes) &&
           shunt_check_product(p->batches, (uint32_t)remembered,
                               shunt_operand(call, 2)->bytes / element) &&
           shunt_constants_valid(call, p->features, filters * p->inputs) &&
           shunt_constants_valid(call, p->times, remembered * element) &&
           biases_valid(call, p->feature_biases, filters) &&
           biases_valid(call, p->biases, p->units);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_svdf_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 2, sizeof *p)) {
        return SHUNT_ERR_PARAMS;
    }
    const uint32_t type = shunt_operand(call, 2)->type;
    const bool valid = (type == SHUNT_TYPE_S8 || type == SHUNT_TYPE_S16) &&
                       shunt_check_type(call, 0, 2, SHUNT_TYPE_S8) && shunt_check_separate(call) &&
                       sizes_valid(call, element_bytes(type)) &&
                       shunt_check_scale(p->feature_multiplier, p->feature_shift, -31, 30) &&
                       shunt_check_scale(p->output_multiplier, p->output_shift, -31, 30) &&
                       element_valid(p->state_zero_point, type) &&
                       shunt_check_zero_point(p->output_zero_point) && p->reserved == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(svdf_s8) = {
    .id = SHUNT_KERNEL_SVDF_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "svdf_s8",
    .check = check,
    .run = run,
};

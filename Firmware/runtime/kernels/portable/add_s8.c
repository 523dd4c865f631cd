// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"
#include "shunt_kernel_checks.h"

enum { INPUTS = 2, RANK = 4 };

/// An input's element in the common scale of the sum.
static int32_t scaled_input(const shunt_add_params_t *p, uint32_t input, int8_t value) {
    const int32_t shifted = (value - p->input_zero_point[input]) * (1 << p->left_shift);
    return scale_value(shifted, p->input_multiplier[input], p->input_shift[input]);
}

/// Adds along the last dimension.
static void add_row(const shunt_add_params_t *p, const int8_t *a, const int8_t *b, int8_t *out) {
    for (uint32_t i = 0; i < p->dims[RANK - 1]; i++) {
        const int32_t sum = scaled_input(p, 0, *a) + scaled_input(p, 1, *b);
        const int32_t scaled = scale_value(sum, p->output_multiplier, p->output_shift);
        out[i] = to_output(scaled, p->output_zero_point, p->clamp_min, p->clamp_max);
        a += p->strides[0][RANK - 1];
        b += p->strides[1][RANK - 1];
    }
}

/// Whether the strides of an input reach no byte behind it.
static bool strides_valid(const shunt_add_params_t *p, uint32_t input, uint32_t bytes) {
    uint64_t last = 0;
    for (uint32_t i = 0; i < RANK; i++) {
        // Cannot wrap: dims[i] is at most 2^31, and `last` stays below 2^32.
        last += (uint64_t)(p->dims[i] - 1) * p->strides[input][i];
        if (last >= bytes) {
            return false;
        }
    }
    return true;
}

/// Whether element i of the input goes into element i of the output, for all i.
static bool dense(const shunt_add_params_t *p, uint32_t input) {
    uint32_t stride = 1;
    for (uint32_t i = RANK; i-- > 0;) {
        if (p->dims[i] != 1 && p->strides[input][i] != stride) {
            return false;
        }
        stride *= p->dims[i];
    }
    return true;
}

static bool shape_valid(const shunt_add_params_t *p, uint32_t out_bytes) {
    uint64_t elements = 1;
    for (uint32_t i = 0; i < RANK; i++) {
        elements *= p->dims[i];
        if (elements == 0 || elements > out_bytes) {
            return false;
        }
    }
    return elements == out_bytes;
}

static bool input_valid(const shunt_call_t *call, uint32_t input) {
    const shunt_add_params_t *p = call->params;
    const shunt_blob_tensor_t *in = shunt_operand(call, input);
    const bool separate = !shunt_tensors_overlap(in, shunt_operand(call, INPUTS));
    return strides_valid(p, input, in->bytes) &&
           (separate || (shunt_check_in_place(call, input) && dense(p, input))) &&
           shunt_check_zero_point(p->input_zero_point[input]) &&
           shunt_check_scale(p->input_multiplier[input], p->input_shift[input], -31, 0);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_add_params_t *p = call->params;
    const bool valid = shunt_check_step(call, INPUTS, 1, sizeof *p) &&
                       shape_valid(p, shunt_operand(call, INPUTS)->bytes) && p->left_shift >= 0 &&
                       p->left_shift <= 20 && input_valid(call, 0) && input_valid(call, 1) &&
                       shunt_check_scale(p->output_multiplier, p->output_shift, -31, 30) &&
                       shunt_check_zero_point(p->output_zero_point) &&
                       shunt_check_clamp(p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_add_params_t *p = call->params;
    const int8_t *a = shunt_operand_in(call, 0);
    const int8_t *b = shunt_operand_in(call, 1);
    int8_t *out = shunt_operand_out(call, 0);
    const uint32_t *sa = p->strides[0];
    const uint32_t *sb = p->strides[1];
    for (uint32_t i = 0; i < p->dims[0]; i++) {
        for (uint32_t j = 0; j < p->dims[1]; j++) {
            for (uint32_t k = 0; k < p->dims[2]; k++) {
                add_row(p, a + i * sa[0] + j * sa[1] + k * sa[2],
                        b + i * sb[0] + j * sb[1] + k * sb[2], out);
                out += p->dims[RANK - 1];
            }
        }
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_s8) = {
    .id = SHUNT_KERNEL_ADD_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "add_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "product.h"
#include "shunt_kernel_checks.h"

/// Whole blocks of a row of inputs: the row itself, or a copy in `scratch`.
static const int8_t *pad_row(const int8_t *in, uint32_t inputs, int8_t *scratch) {
    if (inputs % SHUNT_MVE_BLOCK == 0) {
        return in;
    }
    int8_t *to = scratch;
    for (int32_t left = (int32_t)inputs; left > 0; left -= SHUNT_MVE_BLOCK) {
        vst1q_s8(to, vld1q_z_s8(in, vctp8q((uint32_t)left)));
        in += SHUNT_MVE_BLOCK;
        to += SHUNT_MVE_BLOCK;
    }
    return scratch;
}

/// The outputs of the last group, which has only `count` of them.
static void multiply_rest(const product_t *product, const int8_t *in, uint32_t count, int8_t *out) {
    int8_t octet[SHUNT_MVE_OCTET];
    product_t rest = *product;
    const size_t done = (size_t)product->groups * SHUNT_MVE_OCTET;
    rest.weights += done * product->blocks * SHUNT_MVE_BLOCK;
    rest.records += done * SHUNT_MVE_RECORD_WORDS;
    rest.groups = 1;
    SHUNT_PRODUCT_COMPUTE(&rest, in, octet);
    for (uint32_t i = 0; i < count; i++) {
        out[done + i] = octet[i];
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const bool valid =
        shunt_check_layer(call, sizeof *p) && shunt_check_separate(call) &&
        shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
        shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
        shunt_constants_valid(call, p->weights,
                              shunt_mve_fully_connected_weights_bytes(p->outputs, p->inputs)) &&
        shunt_constants_valid(call, p->channels,
                              shunt_mve_fully_connected_records_bytes(p->outputs)) &&
        call->step->scratch_bytes >= shunt_mve_fully_connected_scratch_bytes(p->inputs) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const uint32_t rest = p->outputs % SHUNT_MVE_OCTET;
    product_t product;
    SHUNT_PRODUCT_PREPARE(&product, call->step->flags, (uint32_t)shunt_mve_blocks(p->inputs),
                          p->clamp_min, p->clamp_max);
    product.weights = shunt_constants(call, p->weights);
    product.records = shunt_constants(call, p->channels);
    product.groups = (int32_t)(p->outputs / SHUNT_MVE_OCTET);
    product.zero_point = p->output_zero_point;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        const int8_t *row = pad_row(in, p->inputs, shunt_scratch(call));
        if (product.groups > 0) {
            SHUNT_PRODUCT_COMPUTE(&product, row, out);
        }
        if (rest != 0) {
            multiply_rest(&product, row, rest, out);
        }
        in += p->inputs;
        out += p->outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s8) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "fully_connected_s8",
    .check = check,
    .run = run,
};

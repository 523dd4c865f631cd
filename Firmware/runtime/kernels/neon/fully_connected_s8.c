// SPDX-License-Identifier: Apache-2.0
#include "matrix.h"
#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const bool valid = shunt_check_layer(call, sizeof *p) && shunt_check_separate(call) &&
                       shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
                       shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
                       shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
                       call->step->scratch_bytes >=
                           shunt_neon_fully_connected_scratch_bytes(p->batches, p->inputs) &&
                       SHUNT_NEON_MATRIX_VALID(call, p->weights, p->outputs, p->inputs) &&
                       SHUNT_NEON_RECORDS_VALID(call, p->channels, shunt_neon_quads(p->outputs));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Copies `count` rows of the input and pads them to the matrix' depth.
static const int8_t *pad_rows(const shunt_call_t *call, const int8_t *in, uint32_t count,
                              uint32_t depth) {
    const shunt_fully_connected_params_t *p = call->params;
    int8_t *padded = shunt_scratch(call);
    for (uint32_t row = 0; row < count; row++) {
        for (uint32_t i = 0; i < depth; i++) {
            padded[row * (size_t)depth + i] = i < p->inputs ? in[i] : 0;
        }
        in += p->inputs;
    }
    return padded;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    matrix_t matrix = SHUNT_NEON_MATRIX(call, p->weights, p->channels, p->outputs, p->inputs);
    matrix.requantization =
        SHUNT_NEON_REQUANTIZATION(call, matrix.records, shunt_neon_quads(p->outputs),
                                  p->output_zero_point, p->clamp_min, p->clamp_max);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    uint32_t count;
    for (uint32_t row = 0; row < p->batches; row += count) {
        count = p->batches - row < SHUNT_NEON_TILE ? p->batches - row : SHUNT_NEON_TILE;
        const bool is_padded = matrix.depth != p->inputs;
        SHUNT_NEON_MULTIPLY(&matrix, is_padded ? pad_rows(call, in, count, matrix.depth) : in,
                            count, out);
        in += count * (size_t)p->inputs;
        out += count * (size_t)p->outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_s8) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_S8,
    .set = SHUNT_SET_NEON,
    .version = 1,
    .name = "fully_connected_s8",
    .check = check,
    .run = run,
};

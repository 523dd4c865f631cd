// SPDX-License-Identifier: Apache-2.0
//
// fully_connected_s8 whose sums go in lanes of 16 bits, as far as the packer has proved that they
// fit (shunt_layout_portable.h).
#include "lanes.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_portable.h"
#include "store_row.h"

enum { OCTET = SHUNT_PORTABLE_OCTET };

static void multiply_row(const shunt_fully_connected_params_t *p, const uint32_t *weights,
                         const shunt_channel_t *channels, const output_range_t *range,
                         const int8_t *in, int8_t *out) {
    uint32_t acc[OCTET] = {0};
    for (uint32_t row = 0; row < p->outputs; row += OCTET) {
        const uint32_t left = p->outputs - row, count = left < OCTET ? left : OCTET;
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)channels[row + i].bias;
        }
        weights = SHUNT_ADD_OCTET(acc, in, in + p->inputs, weights);
        SHUNT_STORE_ROW(out + row, acc, channels + row, count, range);
    }
}

/// Whether every octet's stretches are there, and take all its columns.
static bool weights_valid(const shunt_call_t *call, const shunt_fully_connected_params_t *p) {
    uint64_t bytes = 0;
    for (uint32_t row = 0; row < p->outputs; row += OCTET) {
        for (uint32_t left = p->inputs; left != 0;) {
            if (!shunt_constants_valid(call, p->weights, bytes + sizeof(uint32_t))) {
                return false;
            }
            const uint8_t *header = shunt_constants(call, p->weights);
            const uint32_t columns = *(const uint32_t *)(const void *)(header + bytes);
            if (columns == 0 || columns > left || columns % 2 != 0) {
                return false;
            }
            left -= columns;
            bytes += shunt_portable_stretch_bytes(columns);
        }
    }
    return shunt_constants_valid(call, p->weights, bytes);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const bool valid = shunt_check_layer(call, sizeof *p) && shunt_check_separate(call) &&
                       shunt_check_product(p->batches, p->inputs, shunt_operand(call, 0)->bytes) &&
                       shunt_check_product(p->batches, p->outputs, shunt_operand(call, 1)->bytes) &&
                       shunt_portable_lanes_has(p->inputs, p->outputs) && weights_valid(call, p) &&
                       shunt_check_records(call, p->channels, p->outputs) &&
                       shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_params_t *p = call->params;
    const output_range_t range = {p->output_zero_point, p->clamp_min, p->clamp_max,
                                  call->step->flags};
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        multiply_row(p, shunt_constants(call, p->weights), shunt_constants(call, p->channels),
                     &range, in, out);
        in += p->inputs;
        out += p->outputs;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_lanes_s8) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_LANES_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "fully_connected_lanes_s8",
    .check = check,
    .run = run,
};

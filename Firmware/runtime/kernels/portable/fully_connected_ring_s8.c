// SPDX-License-Identifier: Apache-2.0
#include "accumulate.h"
#include "ring.h"
#include "shunt_kernel_checks.h"

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_fully_connected_ring_params_t *p = call->params;
    if (call->step->params_bytes != sizeof *p || p->ring.row_bytes == 0) {
        return SHUNT_ERR_PARAMS;
    }
    const shunt_fully_connected_params_t *layer = &p->layer;
    const bool valid =
        SHUNT_CHECK_RING_VIEW(call, &p->ring, sizeof *p, layer->inputs / p->ring.row_bytes,
                              p->ring.row_bytes) &&
        layer->batches == 1 && layer->inputs % p->ring.row_bytes == 0 &&
        p->ring.pixel_bytes == p->ring.row_bytes &&
        layer->outputs == shunt_operand(call, 2)->bytes &&
        shunt_constants_valid(call, layer->weights, (uint64_t)layer->outputs * layer->inputs) &&
        shunt_check_channels(call, layer->channels, layer->outputs) &&
        shunt_check_zero_point(layer->output_zero_point) &&
        shunt_check_clamp(layer->clamp_min, layer->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_fully_connected_ring_params_t *p = call->params;
    const shunt_fully_connected_params_t *layer = &p->layer;
    const int8_t *weights = shunt_constants(call, layer->weights);
    const shunt_channel_t *channels = shunt_constants(call, layer->channels);
    int8_t *out = shunt_operand_out(call, 0);
    const output_range_t range = {layer->output_zero_point, layer->clamp_min, layer->clamp_max,
                                  SHUNT_REQUANTIZE_EXACT};
    const ring_pieces_t pieces =
        SHUNT_RING_PIECES(call, &p->ring, 0, layer->inputs / p->ring.row_bytes, 1);
    const patch_t first_patch = {1, pieces.rows[0] * (int32_t)p->ring.row_bytes, 0, 0};
    const patch_t second_patch = {1, pieces.rows[1] * (int32_t)p->ring.row_bytes, 0, 0};
    uint32_t count;
    for (uint32_t first = 0; first < layer->outputs; first += count) {
        count = layer->outputs - first < CHANNEL_BLOCK ? layer->outputs - first : CHANNEL_BLOCK;
        const int8_t *row = weights + (size_t)first * layer->inputs;
        uint32_t acc[CHANNEL_BLOCK];
        for (uint32_t i = 0; i < count; i++) {
            acc[i] = (uint32_t)channels[first + i].bias;
        }
        SHUNT_ACCUMULATE(acc, count, pieces.in[0], row, layer->inputs, &first_patch);
        SHUNT_ACCUMULATE(acc, count, pieces.in[1], row + first_patch.length, layer->inputs,
                         &second_patch);
        SHUNT_STORE_CHANNELS(out + first, acc, channels + first, count, &range);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(fully_connected_ring_s8) = {
    .id = SHUNT_KERNEL_FULLY_CONNECTED_RING_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "fully_connected_ring_s8",
    .check = check,
    .run = run,
};

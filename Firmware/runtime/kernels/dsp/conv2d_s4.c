// SPDX-License-Identifier: Apache-2.0
#include "convolve.h"
#include "nibbles.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp.h"

/// Weights, and how they are widened.
typedef struct widening {
    nibble_rows_t rows;
    uint32_t *widened; ///< Scratch: weights of some pairs,
    uint32_t pairs;    ///< of so many.
} widening_t;

/// Makes bytes of the nibbles of some pairs and computes these, and so on.
static void multiply_block(const convolution_t *c, tile_t *tile) {
    const widening_t *w = c->weights;
    const uint32_t out_channels = c->params->window.out_channels;
    const uint32_t whole = out_channels / 2;
    uint32_t count;
    for (uint32_t pair = 0; 2 * pair < out_channels; pair += count) {
        const uint32_t left = pair < whole ? whole - pair : 1;
        count = left < w->pairs ? left : w->pairs;
        SHUNT_WIDEN_NIBBLES(w->widened, &w->rows, pair, count);
        SHUNT_MULTIPLY_PAIRS(c, tile, w->widened, pair, count);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    const bool valid =
        shunt_check_layer(call, sizeof *params) && SHUNT_CHECK_CONVOLUTION(call) &&
        call->step->scratch_bytes >= shunt_dsp_conv2d_s4_scratch_bytes(&p->window) &&
        SHUNT_CHECK_NIBBLES(call, p->weights, &params->nibbles, p->window.out_channels,
                            shunt_dsp_conv2d_length(&p->window));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_conv2d_s4_params_t *params = call->params;
    const shunt_conv2d_params_t *p = &params->convolution;
    const uint32_t length = (uint32_t)shunt_dsp_conv2d_length(&p->window);
    const nibble_rows_t rows = SHUNT_NIBBLE_ROWS(call, p->weights, &params->nibbles, length);
    const uint32_t pairs = shunt_dsp_conv2d_s4_pairs(&p->window);
    uint32_t *scratch = shunt_scratch(call);
    const widening_t weights = {rows, scratch, pairs};
    // One by one: an initializer would call memset.
    convolution_t convolution;
    convolution.params = p;
    convolution.records = shunt_constants(call, p->channels);
    convolution.weights = &weights;
    convolution.multiply_block = multiply_block;
    convolution.staged = NULL;
    convolution.inputs = scratch + 2 * pairs * (size_t)rows.words;
    convolution.tiles = shunt_dsp_conv2d_s4_tiles(&p->window);
    convolution.units = rows.words;
    SHUNT_CONVOLVE(call, &convolution);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(conv2d_s4) = {
    .id = SHUNT_KERNEL_CONV2D_S4,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "conv2d_s4",
    .check = check,
    .run = run,
};

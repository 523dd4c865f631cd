// SPDX-License-Identifier: Apache-2.0
//
// A few channels at a time: the rows that a row of outputs needs are spread out to words with two
// elements of one channel each, in scratch, where every element goes once. Padding is there, too,
// so that the loops know none.
#include "clamp.h"
#include "depthwise_rows.h"
#include "intrinsics.h"
#include "shunt_kernel_checks.h"
#include "shunt_layout_dsp_depthwise.h"

enum {
    SLOTS = 2, ///< Pairs of rows in scratch: those that one row of outputs reads.
    COLUMN_BYTES = SLOTS * sizeof(uint32_t)
};

/// A step while it runs.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    bool has_lines;
    uint32_t pair_bytes; ///< Stride 1: of a plane, for columns of outputs computed in pairs.
    size_t in_row_bytes, out_row_bytes;
    const int8_t *padding; ///< A pixel's elements of one block, all padding.
    uint32_t *slots;       ///< Those of the image's first column, in the first plane.
    depthwise_spread_t spread;
    const depthwise_loop_t *loops; ///< By slot.
    depthwise_source_t source;
    depthwise_rows_t rows;
} depthwise_t;

/// Doubles both halves, which have room for that.
static uint32_t double_halves(uint32_t word) {
    return sadd16(word, word);
}

/// Brings the constants of a channel to the form that the loops want.
static void prepare_channel(const depthwise_t *d, const shunt_channel_t *channel,
                            const uint32_t *weights, depthwise_channel_t *plane) {
    const uint32_t column0 = weights[0], column1 = weights[1], column2 = weights[2];
    uint32_t *w = plane->weights;
    w[0] = sxtb16(column0);
    if (d->params->window.stride_width == 1) {
        w[1] = sxtb16_ror8(column0);
        w[2] = sxtb16(column1);
        w[3] = sxtb16_ror8(column1);
        w[4] = sxtb16(column2);
        w[5] = sxtb16_ror8(column2);
    } else {
        w[1] = sxtb16(column1);
        w[2] = sxtb16(column2);
        w[3] = pkhtb(sxtb16_ror8(column1), sxtb16_ror8(column0)); // row 2
        w[4] = sxtb16_ror8(column2) >> 16;
        w[5] = (uint32_t)channel->bias;
    }
    plane->bias = (uint32_t)channel->bias;
    plane->multiplier = (uint32_t)channel->multiplier;
    plane->offset = (uint32_t)channel->shift; // a line's offset stands there
    plane->shift = (uintptr_t)(plane + 1) + d->pair_bytes;
    if (d->has_lines) {
        return;
    }
    // A multiplier is a number of 2^-31, while the loops take the upper words of products.
    for (uint32_t i = 0; i < 6; i++) {
        w[i] = double_halves(w[i]);
    }
    plane->bias *= 2;
    if (d->params->window.stride_width == 2) {
        w[5] = plane->bias;
    }
    plane->shift = (uint32_t)-channel->shift;
    plane->offset = (uint32_t)(2 * d->params->output_zero_point + 1) << (plane->shift - 1);
}

/// Fills all planes with padding; columns outside the image stay so.
static void pad_planes(const depthwise_t *d) {
    const uint32_t element = (uint32_t)d->params->input_zero_point & UINT16_MAX;
    const uint32_t pair = element | element << 16;
    uint32_t *word = (uint32_t *)d->rows.planes;
    do {
        *word++ = pair;
    } while (word != (const uint32_t *)d->rows.planes_end);
}

/// Convolves one block of channels of one image.
static void convolve_block(depthwise_t *d, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const uint32_t height = window->in_height;
    const size_t row_bytes = d->in_row_bytes, pixel_bytes = window->in_channels;
    const size_t together = window->stride_height == 1 ? 2 : 1; // rows of outputs
    // Rows above the image have numbers behind all others.
    uint32_t y = 0u - window->pad_top;
    uint32_t slot = 0;
    d->rows.out = out;
    d->rows.row_stride = d->out_row_bytes;
    // The first pair of rows alone is not enough for outputs.
    for (int32_t left = window->out_height + (int32_t)together; left > 0;
         left -= (int32_t)together) {
        for (uint32_t i = 0; i < 2; i++, y++) {
            const bool inside = y < height;
            d->source.rows[i] = inside ? image + y * row_bytes : d->padding;
            d->source.column_stride[i] = inside ? pixel_bytes : 0;
        }
        d->spread(&d->source, d->slots + slot);
        slot = 1 - slot;
        if (left <= window->out_height) {
            if (left == 1) {
                d->rows.row_stride = 0;
            }
            d->rows.loop = d->loops[slot];
            SHUNT_DEPTHWISE_COMPUTE(&d->rows);
            d->rows.out += together * d->out_row_bytes;
        }
    }
}

static bool channel_valid(const shunt_channel_t *channel) {
    const int32_t max_bias = SHUNT_DSP_DEPTHWISE_MAX_BIAS;
    return channel->bias >= -max_bias && channel->bias <= max_bias &&
           channel->shift >= SHUNT_DSP_DEPTHWISE_MIN_SHIFT &&
           channel->shift <= SHUNT_DSP_DEPTHWISE_MAX_SHIFT;
}

/// Whether no channel that needs it can leave the range in which the loops are exact.
static bool channels_valid(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (!shunt_check_records(call, p->channels, p->window.out_channels)) {
        return false;
    }
    if (call->step->flags == SHUNT_REQUANTIZE_LINE) {
        return true;
    }
    if (call->step->flags != SHUNT_REQUANTIZE_EXACT) {
        return false;
    }
    const shunt_channel_t *channels = shunt_constants(call, p->channels);
    for (uint32_t i = 0; i < p->window.out_channels; i++) {
        if (!channel_valid(&channels[i])) {
            return false;
        }
    }
    return true;
}

/// Whether input and output are apart, or start at the same byte where that is allowed.
static bool place_valid(const shunt_call_t *call, const shunt_window_t *window) {
    const shunt_blob_tensor_t *in = shunt_operand(call, 0);
    const shunt_blob_tensor_t *out = shunt_operand(call, 1);
    return !shunt_tensors_overlap(in, out) ||
           (in->offset == out->offset && shunt_dsp_depthwise_in_place(window));
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p)) {
        return SHUNT_ERR_PARAMS;
    }
    const uint64_t weights_bytes =
        (uint64_t)p->window.out_channels * SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES;
    const bool valid =
        shunt_check_window(call, &p->window) && shunt_dsp_depthwise_has(&p->window) &&
        place_valid(call, &p->window) &&
        call->step->scratch_bytes >= shunt_dsp_depthwise_scratch_bytes(&p->window, 2) &&
        shunt_check_zero_point(p->input_zero_point) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        (p->reserved[0] | p->reserved[1]) == 0 &&
        shunt_constants_valid(call, p->weights, weights_bytes) && channels_valid(call);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Chooses the loops, and says what they need to know of all rows.
static void plan_rows(depthwise_t *d) {
    const uint32_t columns = d->rows.columns;
    const size_t stride = d->rows.column_stride;
    depthwise_loop_kind_t kind = d->has_lines ? DEPTHWISE_LINE_1 : DEPTHWISE_EXACT_1;
    d->rows.next = (uint32_t)(1 - columns * stride);
    if (d->params->window.stride_width == 1) {
        if (d->has_lines && columns > 1) {
            kind = DEPTHWISE_LINE_PAIRS;
            d->pair_bytes = columns / 2 * 2 * COLUMN_BYTES;
        }
        d->rows.lead = stride;
        d->rows.rest_bytes = columns * COLUMN_BYTES - d->pair_bytes;
    } else {
        kind += DEPTHWISE_EXACT_2;
        d->rows.pair_bytes = columns / 2 * 4 * COLUMN_BYTES;
        d->rows.rest_bytes = columns % 2 * 4 * COLUMN_BYTES;
        d->rows.next += (uint32_t)(columns % 2 * stride); // the last output's loop does not go on
    }
    d->loops = SHUNT_DEPTHWISE_LOOPS[kind];
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const size_t pixel_bytes = window->in_channels;
    const uint32_t columns = shunt_dsp_depthwise_columns(window);
    const uint32_t room = columns - window->pad_left;
    const uint32_t plane_bytes = (uint32_t)sizeof(depthwise_channel_t) + columns * COLUMN_BYTES;
    const bool wide = call->step->scratch_bytes >= 4 * plane_bytes;
    const uint32_t block = wide ? 4 : 2;
    const uint32_t padding = ((uint32_t)p->input_zero_point & UINT8_MAX) * 0x01010101u;
    depthwise_channel_t *planes = shunt_scratch(call);
    depthwise_t d = {
        .params = p,
        .has_lines = call->step->flags == SHUNT_REQUANTIZE_LINE,
        .in_row_bytes = window->in_width * pixel_bytes,
        .out_row_bytes = window->out_width * pixel_bytes,
        .padding = (const int8_t *)&padding,
        .slots = (uint32_t *)(planes + 1) + (size_t)window->pad_left * SLOTS,
        .spread = SHUNT_DEPTHWISE_SPREAD[wide],
        .source = {.columns = window->in_width < room ? window->in_width : room,
                   .plane_bytes = plane_bytes},
        .rows = {.column_stride = pixel_bytes,
                 .planes = planes,
                 .planes_end = (const depthwise_channel_t *)((uint8_t *)planes +
                                                             (size_t)block * plane_bytes),
                 .columns = window->out_width,
                 .plane_bytes = plane_bytes},
    };
    plan_rows(&d);
    pad_planes(&d);
    const uint32_t *weights = shunt_constants(call, p->weights);
    const shunt_channel_t *channel = shunt_constants(call, p->channels);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t first = 0; first < pixel_bytes; first += block) {
        for (uint8_t *plane = (uint8_t *)planes; plane != (const uint8_t *)d.rows.planes_end;
             plane += plane_bytes) {
            prepare_channel(&d, channel++, weights, (depthwise_channel_t *)plane);
            weights += SHUNT_DSP_DEPTHWISE_TAPS;
        }
        for (uint32_t batch = 0; batch < window->batches; batch++) {
            convolve_block(&d, in + batch * window->in_height * d.in_row_bytes + first,
                           out + batch * window->out_height * d.out_row_bytes + first);
        }
    }
    clamp_elements(out, shunt_operand(call, 1)->bytes, p->clamp_min, p->clamp_max);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "depthwise_conv2d_s8",
    .check = check,
    .run = run,
};

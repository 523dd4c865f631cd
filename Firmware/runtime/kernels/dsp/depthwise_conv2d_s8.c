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
    uint32_t last_of_pairs; ///< DEPTHWISE_PAIRS: bytes of a plane that pass in pairs; else 0.
    size_t in_row_bytes, out_row_bytes;
    const int8_t *padding; ///< A pixel's elements of one block, all padding.
    uint32_t *slots;       ///< Those of the image's first column, in the first plane.
    uint32_t routes;       ///< The way through the loops, for slot 0, as in depthwise_rows_t.
    depthwise_spread_t spread;
    depthwise_source_t source;
    depthwise_rows_t rows;
} depthwise_t;

/// Brings the constants of a channel to the form that the loops want.
///
/// @param last The weight that is not in its words.
static void prepare_channel(const depthwise_t *d, const shunt_dsp_depthwise_channel_t *channel,
                            const uint32_t *weights, int32_t last, depthwise_channel_t *plane) {
    // Rows 0 and 1 of the columns; row 2 of columns 0 and 1.
    const uint32_t column0 = sxtb16(weights[0]), column1 = sxtb16_ror8(weights[0]);
    const uint32_t column2 = sxtb16_ror8(weights[1]), row2 = sxtb16(weights[1]);
    uint32_t *w = plane->weights;
    w[0] = column0;
    if (d->params->window.stride_width == 1) {
        w[1] = pkhbt(column0 >> 16, row2);
        w[2] = column1;
        w[3] = pkhtb(row2, column1);
        w[4] = column2;
        w[5] = pkhbt(column2 >> 16, (uint32_t)last);
    } else {
        w[1] = column1;
        w[2] = column2;
        w[3] = row2;
        w[4] = (uint32_t)last;
        w[5] = (uint32_t)channel->bias;
    }
    plane->bias = (uint32_t)channel->bias;
    plane->multiplier = (uint32_t)channel->scale.multiplier;
    plane->addend = (uint32_t)channel->scale.addend;
    // An address has 32 bits where it matters.
    plane->end_or_zero = d->last_of_pairs != 0 ? (uint32_t)(uintptr_t)(plane + 1) + d->last_of_pairs
                                               : (uint32_t)d->params->output_zero_point;
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
    const int32_t together = window->stride_height == 1 ? 2 : 1; // rows of outputs
    // Rows above the image have numbers behind all others.
    uint32_t y = 0u - window->pad_top;
    uint32_t slot = 0;
    d->rows.out = out;
    d->rows.second_stride = together == 2 ? d->out_row_bytes : pixel_bytes;
    // The first pair of rows alone is not enough for outputs.
    for (int32_t left = window->out_height + together; left > 0; left -= together) {
        for (uint32_t i = 0; i < 2; i++, y++) {
            const bool inside = y < height;
            d->source.rows[i] = inside ? image + y * row_bytes : d->padding;
            d->source.column_stride[i] = inside ? pixel_bytes : 0;
        }
        d->spread(&d->source, d->slots + slot);
        slot = 1 - slot;
        if (left <= window->out_height) {
            if (left < together) {
                d->rows.second_stride = 0;
            }
            d->rows.route = d->routes + slot * DEPTHWISE_ROUTE_BYTES;
            SHUNT_DEPTHWISE_COMPUTE(&d->rows);
            d->rows.out += (size_t)together * d->out_row_bytes;
        }
    }
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
    const uint64_t channels = p->window.out_channels;
    const bool valid =
        shunt_check_window(call, &p->window) && shunt_dsp_depthwise_has(&p->window) &&
        place_valid(call, &p->window) &&
        call->step->scratch_bytes >= shunt_dsp_depthwise_scratch_bytes(&p->window, 2) &&
        shunt_check_zero_point(p->input_zero_point) &&
        shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) &&
        (p->reserved[0] | p->reserved[1]) == 0 &&
        shunt_constants_valid(call, p->weights, channels * SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES) &&
        shunt_constants_valid(call, p->channels, channels * sizeof(shunt_dsp_depthwise_channel_t));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Chooses the way through the loops, and says what they need to know of all rows.
static void plan_rows(depthwise_t *d, uint32_t form) {
    const uint32_t columns = d->rows.columns;
    const size_t stride = d->rows.column_stride;
    uint32_t way = 2 * form;
    uint32_t reach = columns; // columns of outputs that loops go over, behind `lead`
    d->rows.lead = stride;
    d->rows.left_bytes = 0;
    d->last_of_pairs = 0;
    if (d->params->window.stride_width == 1) {
        if (form == SHUNT_REQUANTIZE_LINE && columns > 1) {
            way = DEPTHWISE_PAIRS;
            d->last_of_pairs = columns / 2 * 2 * COLUMN_BYTES;
        }
        d->rows.loop_bytes = columns * COLUMN_BYTES - d->last_of_pairs;
    } else {
        way++;
        reach += columns % 2;
        d->rows.lead *= 2;
        d->rows.loop_bytes = columns / 2 * 4 * COLUMN_BYTES;
        d->rows.left_bytes = columns % 2 * 4 * COLUMN_BYTES;
    }
    d->rows.next = (uint32_t)(1 - reach * stride);
    d->routes = way * 2 * DEPTHWISE_ROUTE_BYTES;
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
    uint8_t *planes = shunt_scratch(call);
    uint8_t *planes_end = planes + (size_t)block * plane_bytes;
    // One by one: an initializer would call memset.
    depthwise_t d;
    d.params = p;
    d.in_row_bytes = window->in_width * pixel_bytes;
    d.out_row_bytes = window->out_width * pixel_bytes;
    d.padding = (const int8_t *)&padding;
    d.slots = (uint32_t *)(planes + sizeof(depthwise_channel_t)) + window->pad_left * SLOTS;
    d.spread = SHUNT_DEPTHWISE_SPREAD[wide];
    d.source.columns = window->in_width < room ? window->in_width : room;
    d.source.plane_bytes = plane_bytes;
    d.rows.column_stride = pixel_bytes;
    d.rows.planes = (depthwise_channel_t *)planes;
    d.rows.planes_end = (depthwise_channel_t *)planes_end;
    d.rows.columns = window->out_width;
    d.rows.plane_bytes = plane_bytes;
    plan_rows(&d, call->step->flags);
    pad_planes(&d);
    const uint32_t *weights = shunt_constants(call, p->weights);
    const int8_t *last = (const int8_t *)(weights + SHUNT_DSP_DEPTHWISE_WORDS * pixel_bytes);
    const shunt_dsp_depthwise_channel_t *channel = shunt_constants(call, p->channels);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t first = 0; first < pixel_bytes; first += block) {
        for (uint8_t *plane = planes; plane != planes_end; plane += plane_bytes) {
            prepare_channel(&d, channel++, weights, *last++, (depthwise_channel_t *)plane);
            weights += SHUNT_DSP_DEPTHWISE_WORDS;
        }
        for (uint32_t batch = 0; batch < window->batches; batch++) {
            convolve_block(&d, in + batch * window->in_height * d.in_row_bytes + first,
                           out + batch * window->out_height * d.out_row_bytes + first);
        }
    }
    SHUNT_CLAMP_ELEMENTS(out, shunt_operand(call, 1)->bytes, p->clamp_min, p->clamp_max);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S8,
    .set = SHUNT_SET_DSP,
    .version = 2,
    .name = "depthwise_conv2d_s8",
    .check = check,
    .run = run,
};

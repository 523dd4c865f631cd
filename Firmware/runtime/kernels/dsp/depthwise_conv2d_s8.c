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

/// What stays the same over all rows and blocks.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const uint32_t *weights;
    const shunt_channel_t *channels; ///< Or shunt_line_t.
    depthwise_channel_t *planes;
    uint32_t form; ///< shunt_requantization_t
    uint32_t block;
    uint32_t plane_bytes;
    uint32_t pair_bytes; ///< Stride 1: of a plane, for columns of outputs computed in pairs.
    size_t in_row_bytes, out_row_bytes;
    const int8_t *padding; ///< A pixel's elements of one block, all padding.
    depthwise_spread_t spread;
    const depthwise_loop_t *loops; ///< By slot.
} depthwise_t;

static depthwise_channel_t *plane_of(const depthwise_t *d, uint32_t index) {
    return (depthwise_channel_t *)((uint8_t *)d->planes + (size_t)index * d->plane_bytes);
}

/// Doubles both halves, which have room for that.
static uint32_t double_halves(uint32_t word) {
    return sadd16(word, word);
}

/// Brings the constants of the channel with `index` to the form that the loops want.
static void prepare_channel(const depthwise_t *d, uint32_t index, depthwise_channel_t *plane) {
    const shunt_channel_t *channel = d->channels + index;
    const uint32_t *weights = d->weights + (size_t)index * SHUNT_DSP_DEPTHWISE_TAPS;
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
    plane->shift = d->pair_bytes != 0 ? (uintptr_t)(plane + 1) + d->pair_bytes : 0;
    if (d->form == SHUNT_REQUANTIZE_LINE) {
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
    uint32_t *word = (uint32_t *)d->planes;
    uint32_t *end = (uint32_t *)plane_of(d, d->block);
    while (word != end) {
        *word++ = pair;
    }
}

/// Where one row comes from, which may be outside the image.
static inline void find_row(const depthwise_t *d, const int8_t *image, int32_t y, uint32_t which,
                            depthwise_source_t *from) {
    const shunt_window_t *window = &d->params->window;
    const bool inside = (uint32_t)y < window->in_height;
    from->rows[which] = inside ? image + (size_t)y * d->in_row_bytes : d->padding;
    from->column_stride[which] = inside ? window->in_channels : 0;
}

/// Convolves one block of channels of one image.
static void convolve_block(const depthwise_t *d, const int8_t *image, depthwise_rows_t *rows) {
    const shunt_window_t *window = &d->params->window;
    const int32_t together = window->stride_height == 1 ? 2 : 1; // rows of outputs
    const uint32_t room = shunt_dsp_depthwise_columns(window) - window->pad_left;
    depthwise_source_t from = {
        .columns = window->in_width < room ? window->in_width : room,
        .plane_bytes = d->plane_bytes,
    };
    uint32_t *slots = (uint32_t *)(d->planes + 1) + (size_t)window->pad_left * SLOTS;
    uint32_t slot = 0;
    int32_t y = -window->pad_top;
    rows->row_stride = d->out_row_bytes;
    for (int32_t left = window->out_height + together; left > 0;) {
        find_row(d, image, y, 0, &from);
        find_row(d, image, y + 1, 1, &from);
        d->spread(&from, slots + slot);
        y += 2;
        slot = 1 - slot;
        // The first pair of rows is not yet enough.
        if (left <= window->out_height) {
            if (left == 1) {
                rows->row_stride = 0;
            }
            rows->loop = d->loops[slot];
            SHUNT_DEPTHWISE_COMPUTE(rows);
            rows->out += (size_t)together * d->out_row_bytes;
        }
        left -= together;
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

/// Everything about the rows of a block but where they are.
static depthwise_rows_t rows_of(const depthwise_t *d) {
    const shunt_window_t *window = &d->params->window;
    const uint32_t columns = window->out_width;
    const size_t stride = window->out_channels;
    depthwise_rows_t rows = {
        .column_stride = stride,
        .next = (uint32_t)(1 - columns * stride),
        .planes_end = plane_of(d, d->block),
        .planes = d->planes,
        .columns = columns,
        .plane_bytes = d->plane_bytes,
    };
    if (window->stride_width == 1) {
        rows.lead = stride;
        rows.rest_bytes = columns * COLUMN_BYTES - d->pair_bytes;
    } else {
        rows.pair_bytes = columns / 2 * 4 * COLUMN_BYTES;
        rows.rest_bytes = columns % 2 * 4 * COLUMN_BYTES;
        rows.next += (uint32_t)(columns % 2 * stride); // the last output's loop does not go on
    }
    return rows;
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const uint32_t padding = ((uint32_t)p->input_zero_point & UINT8_MAX) * 0x01010101u;
    const bool wide = call->step->scratch_bytes >= shunt_dsp_depthwise_scratch_bytes(window, 4);
    depthwise_t depthwise = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .planes = shunt_scratch(call),
        .form = call->step->flags,
        .block = wide ? 4 : 2,
        .plane_bytes =
            sizeof(depthwise_channel_t) + shunt_dsp_depthwise_columns(window) * COLUMN_BYTES,
        .in_row_bytes = (size_t)window->in_width * window->in_channels,
        .out_row_bytes = (size_t)window->out_width * window->out_channels,
        .padding = (const int8_t *)&padding,
        .spread = SHUNT_DEPTHWISE_SPREAD[wide],
        .loops = SHUNT_DEPTHWISE_LOOPS[call->step->flags][window->stride_height - 1],
    };
    if (depthwise.form == SHUNT_REQUANTIZE_LINE && window->stride_height == 1) {
        depthwise.pair_bytes = window->out_width / 2u * 2 * COLUMN_BYTES;
        if (depthwise.pair_bytes == 0) {
            // A line is what `fast` makes with a shift of 0.
            depthwise.loops = SHUNT_DEPTHWISE_LOOPS[SHUNT_REQUANTIZE_FAST][0];
        }
    }
    depthwise_rows_t rows = rows_of(&depthwise);
    pad_planes(&depthwise);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = depthwise.in_row_bytes * window->in_height;
    const size_t out_bytes = depthwise.out_row_bytes * window->out_height;
    for (uint32_t first = 0; first < window->out_channels; first += depthwise.block) {
        for (uint32_t i = 0; i < depthwise.block; i++) {
            prepare_channel(&depthwise, first + i, plane_of(&depthwise, i));
        }
        for (uint32_t batch = 0; batch < window->batches; batch++) {
            rows.out = out + batch * out_bytes + first;
            convolve_block(&depthwise, in + batch * in_bytes + first, &rows);
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

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
    SLOTS = 2,     ///< Pairs of rows in scratch: those that one row of outputs reads.
    COLUMN_BYTES = SLOTS * sizeof(uint32_t)
};

/// What stays the same over all rows and blocks.
typedef struct depthwise {
    const shunt_depthwise_conv2d_params_t *params;
    const uint32_t *weights;
    const shunt_channel_t *channels; ///< Or shunt_line_t.
    depthwise_channel_t *records;
    uint32_t *planes;
    uint32_t form; ///< shunt_requantization_t
    uint32_t block;
    uint32_t columns;       ///< In a plane.
    const int8_t *padding;  ///< A pixel's elements of one block, all padding.
    depthwise_spread_t spread;
    const depthwise_compute_t *compute; ///< By slot.
} depthwise_t;

/// Doubles both halves, which have room for that.
static uint32_t double_halves(uint32_t word) {
    return sadd16(word, word);
}

/// Brings the constants of one channel to the form that the loops want.
static void prepare_channel(const depthwise_t *d, uint32_t index, depthwise_channel_t *record) {
    const shunt_channel_t *channel = d->channels + index;
    const uint32_t *weights = d->weights + (size_t)index * SHUNT_DSP_DEPTHWISE_TAPS;
    uint32_t w01[3], w12[3]; // rows 0 and 1, rows 1 and 2
    record->bias = (uint32_t)channel->bias;
    record->multiplier = (uint32_t)channel->multiplier;
    record->offset = (uint32_t)channel->shift; // a line's offset stands there
    for (uint32_t i = 0; i < 3; i++) {
        w01[i] = sxtb16(weights[i]);
        w12[i] = sxtb16_ror8(weights[i]);
    }
    if (d->form != SHUNT_REQUANTIZE_LINE) {
        // A multiplier is a number of 2^-31, while the loops take the upper words of products.
        for (uint32_t i = 0; i < 3; i++) {
            w01[i] = double_halves(w01[i]);
            w12[i] = double_halves(w12[i]);
        }
        record->bias *= 2;
        record->shift = (uint32_t)-channel->shift;
        record->offset = (uint32_t)(2 * d->params->output_zero_point + 1) << (record->shift - 1);
    }
    if (d->params->window.stride_width == 1) {
        for (uint32_t i = 0; i < 3; i++) {
            record->weights[2 * i] = w01[i];
            record->weights[2 * i + 1] = w12[i];
        }
    } else {
        for (uint32_t i = 0; i < 3; i++) {
            record->weights[i] = w01[i];
        }
        record->weights[3] = pkhtb(w12[1], w12[0]);
        record->weights[4] = w12[2] >> 16;
        record->weights[5] = record->bias;
    }
}

/// Fills all planes with padding; columns outside the image stay so.
static void pad_planes(const depthwise_t *d) {
    const uint32_t element = (uint32_t)d->params->input_zero_point & UINT16_MAX;
    const size_t words = (size_t)d->block * d->columns * SLOTS;
    for (size_t i = 0; i < words; i++) {
        d->planes[i] = element | element << 16;
    }
}

/// Brings the rows y and y + 1 of the channels at `image` into a slot.
static void spread_rows(const depthwise_t *d, const int8_t *image, int32_t y, uint32_t slot) {
    const shunt_window_t *window = &d->params->window;
    const size_t pixel = window->in_channels;
    const uint32_t room = d->columns - window->pad_left;
    depthwise_source_t from = {
        .columns = window->in_width < room ? window->in_width : room,
        .plane_bytes = d->columns * COLUMN_BYTES,
    };
    for (int32_t i = 0; i < 2; i++) {
        const bool inside = y + i >= 0 && y + i < window->in_height;
        from.rows[i] = inside ? image + (size_t)(y + i) * window->in_width * pixel : d->padding;
        from.column_stride[i] = inside ? pixel : 0;
    }
    d->spread(&from, d->planes + (size_t)window->pad_left * SLOTS + slot);
}

/// Convolves one block of channels of one image.
static void convolve_block(const depthwise_t *d, const int8_t *image, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const size_t out_row = (size_t)window->out_width * window->out_channels;
    const uint32_t together = window->stride_height == 1 ? 2 : 1; // rows of outputs
    depthwise_rows_t rows = {
        .channels = d->records,
        .channels_end = d->records + d->block,
        .planes = d->planes,
        .out = out,
        .row_stride = out_row,
        .column_stride = window->out_channels,
        .columns = window->out_width,
        .plane_bytes = d->columns * COLUMN_BYTES,
    };
    int32_t y = -window->pad_top;
    uint32_t slot = 0;
    spread_rows(d, image, y, slot);
    for (uint32_t row = 0; row < window->out_height; row += together) {
        y += 2;
        spread_rows(d, image, y, 1 - slot);
        if (row + together > window->out_height) {
            rows.row_stride = 0;
        }
        d->compute[slot](&rows);
        rows.out += together * out_row;
        slot = 1 - slot;
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

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const uint32_t padding = ((uint32_t)p->input_zero_point & UINT8_MAX) * 0x01010101u;
    const uint32_t form = call->step->flags;
    const bool wide =
        call->step->scratch_bytes >= shunt_dsp_depthwise_scratch_bytes(window, 4);
    depthwise_t depthwise = {
        .params = p,
        .weights = shunt_constants(call, p->weights),
        .channels = shunt_constants(call, p->channels),
        .records = shunt_scratch(call),
        .form = form,
        .block = wide ? 4 : 2,
        .columns = shunt_dsp_depthwise_columns(window),
        .padding = (const int8_t *)&padding,
        .spread = SHUNT_DEPTHWISE_SPREAD[wide],
        .compute = SHUNT_DEPTHWISE_COMPUTE[form][window->stride_height - 1],
    };
    depthwise.planes = (uint32_t *)(depthwise.records + depthwise.block);
    pad_planes(&depthwise);
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t first = 0; first < window->out_channels; first += depthwise.block) {
        for (uint32_t i = 0; i < depthwise.block; i++) {
            prepare_channel(&depthwise, first + i, &depthwise.records[i]);
        }
        for (uint32_t batch = 0; batch < window->batches; batch++) {
            convolve_block(&depthwise, in + batch * in_bytes + first,
                           out + batch * out_bytes + first);
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

// SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolutions through copied rows on cores with dot product: eight channels, two rows of
// outputs at a time. Their windows cover four rows of inputs, and a column of these is what one dot
// product takes: three of them count for the upper output, the other three for the lower one.
// Included by depthwise_conv2d_s8.c.

#include "depthwise_pair.h"

/// Copies two neighbouring rows of eight channels, each of which becomes two bytes side by side.
/// What lies beside the image is there already.
static void copy_rows(const block_image_t *image, int32_t row, int8_t *out) {
    const shunt_window_t *window = image->window;
    const bool has_first = has_row(image, row), has_second = has_row(image, row + 1);
    if (!has_first && !has_second) {
        pad_row(image, window->out_width + 2u, out);
        return;
    }
    int8_t padding[8];
    vst1_s8(padding, vdup_n_s8(image->padding));
    const size_t depth = window->in_channels;
    const int8_t *first = has_first ? row_at(image, row) : padding;
    const int8_t *second = has_second ? row_at(image, row + 1) : padding;
    zip_rows(first, has_first ? depth : 0, second, has_second ? depth : 0, covered_columns(window),
             out + 16 * (size_t)window->pad_left);
}

/// The constants of eight channels from `first` on.
static void load_pair(const depthwise_t *d, uint32_t first, pair_t *pair) {
    const requantization_t *r = &d->requantization;
    const block_weights_t weights = weights_at(d, first);
    const size_t stride = weights.stride;
    const int8x8_t none = vdup_n_s8(0);
    for (uint32_t column = 0; column < 3; column++) {
        const int8_t *of_column = weights.first + column * stride;
        const int8x8_t row0 = vld1_s8(of_column), row1 = vld1_s8(of_column + 3 * stride);
        const int8x8_t row2 = vld1_s8(of_column + 6 * stride);
        const int16x8_t above =
            vreinterpretq_s16_s8(vcombine_s8(vzip1_s8(row0, row1), vzip2_s8(row0, row1)));
        const int16x8_t below =
            vreinterpretq_s16_s8(vcombine_s8(vzip1_s8(row2, none), vzip2_s8(row2, none)));
        const int32x4_t low = vreinterpretq_s32_s16(vzip1q_s16(above, below));
        const int32x4_t high = vreinterpretq_s32_s16(vzip2q_s16(above, below));
        pair->upper[2 * column] = vreinterpretq_s8_s32(low);
        pair->upper[2 * column + 1] = vreinterpretq_s8_s32(high);
        pair->lower[2 * column] = vreinterpretq_s8_s32(vshlq_n_s32(low, 8));
        pair->lower[2 * column + 1] = vreinterpretq_s8_s32(vshlq_n_s32(high, 8));
    }
    scale_t scales[2];
    for (uint32_t quad = 0; quad < 2; quad++) {
        const shunt_neon_record_t *record = d->records + first / 4 + quad;
        scales[quad] = load_scale(record);
        pair->bias[quad] = vld1q_s32(record->bias);
        pair->multiplier[quad] = scales[quad].multiplier;
        pair->shift[quad] = scales[quad].shift;
    }
    pair->offset = pair_offset(r, &scales[0], &scales[1]);
    pair->min = vdupq_n_s8(r->min);
    pair->max = vdupq_n_s8(r->max);
}

static uint32_t convolve_copied(const depthwise_t *d, uint32_t first, uint32_t left,
                                const int8_t *in, int8_t *out) {
    (void)left;
    const shunt_window_t *window = &d->params->window;
    const block_image_t image = {in, window, (int8_t)d->params->input_zero_point};
    const uint32_t columns = window->out_width + 2u;
    const size_t out_row = window->out_width * (size_t)window->out_channels;
    pair_t pair;
    load_pair(d, first, &pair);
    int8_t *upper = d->scratch, *lower = d->scratch + 16 * (size_t)columns;
    pad_row(&image, 2 * columns, d->scratch);
    int32_t y = -window->pad_top;
    copy_rows(&image, y, upper);
    for (uint32_t row = 0; row < window->out_height; row += 2, y += 2) {
        copy_rows(&image, y + 2, lower);
        // If there is no lower row, the upper one is written over it.
        const pair_rows_t rows = {.upper_in = upper,
                                  .lower_in = lower,
                                  .upper_out = out,
                                  .lower_out = row + 1 < window->out_height ? out + out_row : out,
                                  .out_step = window->out_channels,
                                  .count = window->out_width};
        convolve_pair(&pair, &d->requantization, &rows);
        int8_t *const used = upper;
        upper = lower, lower = used;
        out += 2 * out_row;
    }
    return 8;
}

// SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolutions through copied rows on cores without dot product: sixteen channels, or
// eight, a row of outputs at a time. Included by depthwise_conv2d_s8.c.

/// Bytes of a copied row, a multiple of 16.
static size_t copied_row_bytes(const shunt_window_t *window, size_t lanes) {
    return ((window->out_width + 2u) * lanes + 15) / 16 * 16;
}

/// Copies a row of sixteen or eight channels. What lies beside the image is there already.
static void copy_row(const block_image_t *image, int32_t row, size_t lanes, int8_t *out) {
    const shunt_window_t *window = image->window;
    if (!has_row(image, row)) {
        pad_row(image, copied_row_bytes(window, lanes) / 16, out);
        return;
    }
    const size_t depth = window->in_channels;
    const int8_t *in = row_at(image, row);
    uint32_t count = covered_columns(window);
    out += window->pad_left * lanes;
    if (lanes == 16) {
        for (; count >= 2; count -= 2, in += 2 * depth, out += 32) {
            const int8x16_t first = vld1q_s8(in), second = vld1q_s8(in + depth);
            vst1q_s8(out, first);
            vst1q_s8(out + 16, second);
        }
        if (count != 0) {
            vst1q_s8(out, vld1q_s8(in));
        }
    } else {
        for (; count >= 2; count -= 2, in += 2 * depth, out += 16) {
            const int8x8_t first = vld1_s8(in), second = vld1_s8(in + depth);
            vst1_s8(out, first);
            vst1_s8(out + 8, second);
        }
        if (count != 0) {
            vst1_s8(out, vld1_s8(in));
        }
    }
}

static uint32_t convolve_copied(const depthwise_t *d, uint32_t first, uint32_t left,
                                const int8_t *in, int8_t *out) {
    const shunt_window_t *window = &d->params->window;
    const uint32_t lanes = left >= 16 ? 16 : 8;
    const block_image_t image = {in, window, (int8_t)d->params->input_zero_point};
    const size_t row_bytes = copied_row_bytes(window, lanes);
    nine_t nine;
    load_nine(d, first, lanes, &nine);
    nine_row_t row = {.in = {d->scratch, d->scratch + row_bytes, d->scratch + 2 * row_bytes},
                      .tap = lanes,
                      .step = lanes,
                      .out = out,
                      .out_step = window->out_channels,
                      .count = window->out_width};
    pad_row(&image, 3 * row_bytes / 16, d->scratch);
    int32_t y = -window->pad_top;
    copy_row(&image, y, lanes, (int8_t *)row.in[0]);
    copy_row(&image, y + 1, lanes, (int8_t *)row.in[1]);
    for (uint32_t left_rows = window->out_height; left_rows != 0; left_rows--, y++) {
        copy_row(&image, y + 2, lanes, (int8_t *)row.in[2]);
        if (lanes == 16) {
            convolve_sixteen(&nine, &d->requantization, &row);
        } else {
            convolve_eight(&nine, &d->requantization, &row);
        }
        const int8_t *const oldest = row.in[0];
        row.in[0] = row.in[1], row.in[1] = row.in[2], row.in[2] = oldest;
        row.out += window->out_width * (size_t)window->out_channels;
    }
    return lanes;
}

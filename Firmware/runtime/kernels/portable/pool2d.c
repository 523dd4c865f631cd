// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

#include "requantize.h"
#include "taps.h"

static void pool_pixel(const shunt_pool2d_params_t *p, const covered_t *pixel, reduce_t reduce,
                       uint32_t size, void *out) {
    covered_t covered = *pixel;
    for (uint32_t channel = 0; channel < p->window.out_channels; channel++, covered.first += size) {
        const int32_t value = clamp(reduce(&covered), p->clamp_min, p->clamp_max);
        if (size == 1) {
            ((int8_t *)out)[channel] = (int8_t)value;
        } else {
            ((int16_t *)out)[channel] = (int16_t)value;
        }
    }
}

static void pool_image(const shunt_pool2d_params_t *p, const uint8_t *image, reduce_t reduce,
                       uint32_t size, uint8_t *out) {
    const shunt_window_t *window = &p->window;
    const ptrdiff_t pixel_bytes = (ptrdiff_t)(window->in_channels * size);
    covered_t pixel = {.row_stride = window->in_width * pixel_bytes, .column_stride = pixel_bytes};
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        const taps_t rows = taps_inside(y, window->in_height, window->kernel_height, 1);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            const taps_t columns = taps_inside(x, window->in_width, window->kernel_width, 1);
            pixel.first =
                image + rows.first * pixel.row_stride + columns.first * pixel.column_stride;
            pixel.rows = rows.end - rows.begin;
            pixel.columns = columns.end - columns.begin;
            if (pixel.columns == window->in_width) { // whole rows, one behind the other
                pixel.columns *= pixel.rows;
                pixel.rows = 1;
            }
            pool_pixel(p, &pixel, reduce, size, out);
            out += window->out_channels * size;
        }
    }
}

/// Whether all windows along one dimension cover at least one element.
static bool covers(uint32_t in, uint32_t out, uint32_t kernel, uint32_t stride, uint32_t pad) {
    return pad < kernel && (uint64_t)(out - 1) * stride < (uint64_t)in + pad;
}

shunt_status_t SHUNT_POOL2D_CHECK(const shunt_call_t *call, uint32_t type) {
    const shunt_pool2d_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) || !shunt_check_type(call, 0, 2, type)) {
        return SHUNT_ERR_PARAMS;
    }
    const shunt_window_t *window = &p->window;
    const bool is_wide = type == SHUNT_TYPE_S16;
    const bool valid =
        shunt_check_window(call, window) &&
        (is_wide ? shunt_check_separate(call) : shunt_check_window_overlap(call, window, false)) &&
        window->in_channels == window->out_channels && window->dilation_height == 1 &&
        window->dilation_width == 1 &&
        covers(window->in_height, window->out_height, window->kernel_height, window->stride_height,
               window->pad_top) &&
        covers(window->in_width, window->out_width, window->kernel_width, window->stride_width,
               window->pad_left) &&
        (uint32_t)window->in_height * window->in_width < (is_wide ? 1u << 16 : 1u << 24) &&
        (is_wide ? shunt_check_clamp_s16(p->clamp_min, p->clamp_max)
                 : shunt_check_clamp(p->clamp_min, p->clamp_max));
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

void SHUNT_POOL2D_RUN(const shunt_call_t *call, reduce_t reduce) {
    const shunt_pool2d_params_t *p = call->params;
    const uint8_t *in = shunt_operand_in(call, 0);
    uint8_t *out = shunt_operand_out(call, 0);
    const uint32_t size = shunt_operand(call, 0)->type == SHUNT_TYPE_S16 ? 2 : 1;
    const size_t in_bytes = shunt_operand(call, 0)->bytes / p->window.batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / p->window.batches;
    for (uint32_t batch = 0; batch < p->window.batches; batch++) {
        pool_image(p, in + batch * in_bytes, reduce, size, out + batch * out_bytes);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

#include "clamp.h"
#include "shunt_layout_dsp_pool.h"

/// The part of a window of `kernel` elements from `start` on that lies inside 0 ... size - 1.
typedef struct span {
    uint32_t first, count;
} span_t;

static span_t span_inside(int32_t start, int32_t size, int32_t kernel) {
    const int32_t first = start < 0 ? 0 : start;
    const int32_t end = start + kernel < size ? start + kernel : size;
    return (span_t){(uint32_t)first, (uint32_t)(end - first)};
}

__attribute__((noinline)) static void pool_image(const shunt_window_t *window, const int8_t *image,
                                                 pool_t pool, int8_t *out) {
    covered_t covered = {
        .row_stride = (size_t)window->in_width * window->in_channels,
        .column_stride = window->in_channels,
        .channels = window->in_channels,
    };
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        const span_t rows = span_inside(y, window->in_height, window->kernel_height);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            const span_t columns = span_inside(x, window->in_width, window->kernel_width);
            covered.first =
                image + rows.first * covered.row_stride + columns.first * covered.column_stride;
            covered.rows = rows.count;
            covered.columns = columns.count;
            if (columns.count == window->in_width) {
                // Whole rows are one long one.
                covered.columns *= rows.count;
                covered.rows = 1;
            }
            pool(&covered, out);
            out += window->out_channels;
        }
    }
}

/// Whether all windows along one dimension cover at least one element.
static bool covers(uint32_t in, uint32_t out, uint32_t kernel, uint32_t stride, uint32_t pad) {
    return pad < kernel && (uint64_t)(out - 1) * stride < (uint64_t)in + pad;
}

shunt_status_t SHUNT_POOL2D_CHECK(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    if (!shunt_check_step(call, 1, 1, sizeof *p)) {
        return SHUNT_ERR_PARAMS;
    }
    const shunt_window_t *window = &p->window;
    const bool valid = shunt_check_window(call, window) && shunt_dsp_pool_has(window) &&
                       shunt_check_window_overlap(call, window, false) &&
                       window->in_channels == window->out_channels &&
                       window->dilation_height == 1 && window->dilation_width == 1 &&
                       covers(window->in_height, window->out_height, window->kernel_height,
                              window->stride_height, window->pad_top) &&
                       covers(window->in_width, window->out_width, window->kernel_width,
                              window->stride_width, window->pad_left) &&
                       (uint32_t)window->in_height * window->in_width < 1u << 24 &&
                       shunt_check_clamp(p->clamp_min, p->clamp_max);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

void SHUNT_POOL2D_RUN(const shunt_call_t *call, pool_t pool) {
    const shunt_pool2d_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / p->window.batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / p->window.batches;
    for (uint32_t batch = 0; batch < p->window.batches; batch++) {
        pool_image(&p->window, in + batch * in_bytes, pool, out + batch * out_bytes);
    }
    SHUNT_CLAMP_ELEMENTS(out, shunt_operand(call, 1)->bytes, p->clamp_min, p->clamp_max);
}

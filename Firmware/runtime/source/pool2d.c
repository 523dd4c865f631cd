// SPDX-License-Identifier: Apache-2.0
#include "shunt_pool2d.h"

#include "shunt_kernel_checks.h"

/// The part of a window of `kernel` elements from `start` on that lies inside 0 ... size - 1.
typedef struct span {
    uint32_t first, count;
} span_t;

static span_t span_inside(int32_t start, int32_t size, int32_t kernel) {
    const int32_t first = start < 0 ? 0 : start;
    const int32_t end = start + kernel < size ? start + kernel : size;
    return (span_t){(uint32_t)first, (uint32_t)(end - first)};
}

__attribute__((noinline)) static void pool_image(const shunt_pool2d_params_t *p,
                                                 const int8_t *image, size_t pixel_bytes,
                                                 shunt_reduce_pixels_t reduce, int8_t *out) {
    const shunt_window_t *window = &p->window;
    shunt_covered_t covered = {
        .row_stride = window->in_width * pixel_bytes, .column_stride = pixel_bytes, .params = p};
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
                covered.columns *= rows.count;
                covered.rows = 1;
            }
            reduce(&covered, out);
            out += pixel_bytes;
        }
    }
}

/// Whether all windows along one dimension cover at least one element.
static bool covers(uint32_t in, uint32_t out, uint32_t kernel, uint32_t stride, uint32_t pad) {
    return pad < kernel && (uint64_t)(out - 1) * stride < (uint64_t)in + pad;
}

static uint32_t pixels(const shunt_window_t *window) {
    return (uint32_t)window->in_height * window->in_width;
}

static bool windows_valid(const shunt_call_t *call, const shunt_window_t *window) {
    return shunt_check_window(call, window) && window->in_channels == window->out_channels &&
           window->dilation_height == 1 && window->dilation_width == 1 &&
           covers(window->in_height, window->out_height, window->kernel_height,
                  window->stride_height, window->pad_top) &&
           covers(window->in_width, window->out_width, window->kernel_width, window->stride_width,
                  window->pad_left) &&
           pixels(window) < 1u << 24;
}

bool shunt_check_pool2d_s8(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    return shunt_check_step(call, 1, 1, sizeof *p) && windows_valid(call, &p->window) &&
           shunt_check_window_overlap(call, &p->window, false) &&
           shunt_check_clamp(p->clamp_min, p->clamp_max);
}

bool shunt_check_pool2d_s16(const shunt_call_t *call) {
    const shunt_pool2d_params_t *p = call->params;
    return shunt_check_counts(call, 1, 1, sizeof *p) &&
           shunt_check_type(call, 0, 2, SHUNT_TYPE_S16) && windows_valid(call, &p->window) &&
           pixels(&p->window) < 1u << 16 && shunt_check_separate(call) &&
           shunt_check_clamp_s16(p->clamp_min, p->clamp_max);
}

void shunt_pool2d(const shunt_call_t *call, shunt_reduce_pixels_t reduce) {
    const shunt_pool2d_params_t *p = call->params;
    const size_t in_bytes = shunt_operand(call, 0)->bytes / p->window.batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / p->window.batches;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    for (uint32_t batch = p->window.batches; batch > 0; batch--) {
        pool_image(p, in, in_bytes / pixels(&p->window), reduce, out);
        in += in_bytes;
        out += out_bytes;
    }
}

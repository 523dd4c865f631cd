// SPDX-License-Identifier: Apache-2.0
#include "pool2d.h"

#include "../portable/taps.h"
#include "shunt_layout_neon.h"

// The last block of channels may begin inside the one before it.
static void pool_pixel(const shunt_pool2d_params_t *p, const covered_t *pixel, pool_t pool,
                       int8_t *out) {
    const int8x16_t min = vdupq_n_s8((int8_t)p->clamp_min);
    const int8x16_t max = vdupq_n_s8((int8_t)p->clamp_max);
    const uint32_t channels = p->window.out_channels;
    const bool sixteen = channels >= 16;
    const uint32_t block = sixteen ? 16 : 8;
    for (uint32_t channel = 0; channel < channels; channel += block) {
        const uint32_t first = channels - channel < block ? channels - block : channel;
        covered_t covered = *pixel;
        covered.first += first;
        const int8x16_t values = vminq_s8(vmaxq_s8(pool(&covered, sixteen), min), max);
        if (sixteen) {
            vst1q_s8(out + first, values);
        } else {
            vst1_s8(out + first, vget_low_s8(values));
        }
    }
}

static void pool_image(const shunt_pool2d_params_t *p, const int8_t *image, pool_t pool,
                       int8_t *out) {
    const shunt_window_t *window = &p->window;
    covered_t covered = {.row_stride = (size_t)window->in_width * window->in_channels,
                         .column_stride = window->in_channels};
    int32_t y = -window->pad_top;
    for (uint32_t row = 0; row < window->out_height; row++, y += window->stride_height) {
        const taps_t rows = taps_inside(y, window->in_height, window->kernel_height, 1);
        int32_t x = -window->pad_left;
        for (uint32_t column = 0; column < window->out_width; column++, x += window->stride_width) {
            const taps_t columns = taps_inside(x, window->in_width, window->kernel_width, 1);
            covered.first = image + (size_t)rows.first * covered.row_stride +
                            (size_t)columns.first * covered.column_stride;
            covered.rows = (uint32_t)(rows.end - rows.begin);
            covered.columns = (uint32_t)(columns.end - columns.begin);
            if (covered.columns == window->in_width) {
                // Whole rows are one long one.
                covered.columns *= covered.rows;
                covered.rows = 1;
            }
            pool_pixel(p, &covered, pool, out);
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
    const bool valid = shunt_check_window(call, window) && shunt_neon_pool_has(window) &&
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
        pool_image(p, in + batch * in_bytes, pool, out + batch * out_bytes);
    }
}

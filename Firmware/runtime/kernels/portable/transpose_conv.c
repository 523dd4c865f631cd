// SPDX-License-Identifier: Apache-2.0
//
// Every output element gathers the input elements that reach it, so that no accumulators of the
// output's size are needed.
#include "transpose_conv.h"

#include "scale_s16.h"

/// The taps that reach one output coordinate: tap + i * stride, from input coordinate - i.
typedef struct reach {
    uint32_t tap;     ///< The first tap.
    int32_t position; ///< The input coordinate that it reads; may lie behind the image.
} reach_t;

static reach_t reach_of(uint32_t out, uint32_t pad, uint32_t stride) {
    const uint32_t distance = out + pad;
    return (reach_t){distance % stride, (int32_t)(distance / stride)};
}

/// Sum over all taps that reach a pixel. `in_pixel` and `weights` count elements and bytes.
static int64_t gather(const shunt_transpose_conv_params_t *p, const transpose_element_t *element,
                      const void *in, reach_t row, reach_t column, const int8_t *weights) {
    const shunt_window_t *window = &p->window;
    int64_t sum = 0;
    for (; row.tap < window->kernel_height && row.position >= 0;
         row.tap += window->stride_height, row.position--) {
        reach_t at = column;
        for (; at.tap < window->kernel_width && at.position >= 0;
             at.tap += window->stride_width, at.position--) {
            if (row.position < window->in_height && at.position < window->in_width) {
                const size_t pixel = (size_t)row.position * window->in_width + (size_t)at.position;
                const size_t tap = (size_t)row.tap * window->kernel_width + at.tap;
                sum += element->dot(p, in, pixel * window->in_channels,
                                    weights + tap * window->in_channels);
            }
        }
    }
    return sum;
}

bool SHUNT_CHECK_TRANSPOSE(const shunt_call_t *call, uint32_t type) {
    const shunt_transpose_conv_params_t *p = call->params;
    if (!shunt_check_counts(call, 1, 1, sizeof *p) || !shunt_check_type(call, 0, 2, type) ||
        !shunt_check_separate(call) || !shunt_check_window(call, &p->window) ||
        p->window.dilation_height != 1 || p->window.dilation_width != 1 || p->reserved != 0) {
        return false;
    }
    const uint64_t terms =
        (uint64_t)p->window.kernel_height * p->window.kernel_width * p->window.in_channels;
    return terms <= MAX_TERMS &&
           shunt_constants_valid(call, p->weights, terms * p->window.out_channels);
}

static void convolve_row(const shunt_call_t *call, const transpose_element_t *element,
                         const uint8_t *in, reach_t row, void *out, size_t index) {
    const shunt_transpose_conv_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    const size_t channel_bytes =
        (size_t)window->kernel_height * window->kernel_width * window->in_channels;
    for (uint32_t x = 0; x < window->out_width; x++) {
        const reach_t column = reach_of(x, window->pad_left, window->stride_width);
        const int8_t *weights = shunt_constants(call, p->weights);
        for (uint32_t channel = 0; channel < window->out_channels; channel++) {
            element->store(call, out, index++, channel,
                           gather(p, element, in, row, column, weights));
            weights += channel_bytes;
        }
    }
}

void SHUNT_CONVOLVE_TRANSPOSED(const shunt_call_t *call, const transpose_element_t *element) {
    const shunt_window_t *window = &((const shunt_transpose_conv_params_t *)call->params)->window;
    const uint8_t *in = shunt_operand_in(call, 0);
    void *out = shunt_operand_out(call, 0);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t row_count = (size_t)window->out_width * window->out_channels;
    size_t index = 0;
    for (uint32_t batch = 0; batch < window->batches; batch++, in += in_bytes) {
        for (uint32_t y = 0; y < window->out_height; y++, index += row_count) {
            const reach_t row = reach_of(y, window->pad_top, window->stride_height);
            convolve_row(call, element, in, row, out, index);
        }
    }
}

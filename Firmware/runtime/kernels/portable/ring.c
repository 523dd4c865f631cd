// SPDX-License-Identifier: Apache-2.0
#include "ring.h"

#include "shunt_kernel_checks.h"

bool SHUNT_CHECK_RING_VIEW(const shunt_call_t *call, const shunt_ring_view_t *view,
                           uint32_t params_bytes, uint32_t height, uint32_t channels) {
    return shunt_check_counts(call, 2, 1, params_bytes) &&
           shunt_check_type(call, 0, 1, SHUNT_TYPE_S8) &&
           shunt_check_type(call, 1, 1, SHUNT_TYPE_S32) &&
           shunt_check_type(call, 2, 1, SHUNT_TYPE_S8) && shunt_check_separate(call) &&
           (uint64_t)view->rows * view->row_bytes == shunt_operand(call, 0)->bytes &&
           view->head < shunt_operand(call, 1)->bytes / sizeof(int32_t) && height != 0 &&
           (uint64_t)view->first_row + height <= view->rows && view->pixel_bytes != 0 &&
           view->row_bytes % view->pixel_bytes == 0 && channels != 0 &&
           (uint64_t)view->first_channel + channels <= view->pixel_bytes &&
           (view->reserved[0] | view->reserved[1]) == 0;
}

/// Whether windows along one dimension stay inside `in` elements.
static bool taps_stay_inside(uint32_t in, uint32_t out, uint32_t stride, uint32_t kernel,
                             uint32_t dilation) {
    return (uint64_t)(out - 1) * stride + (uint64_t)(kernel - 1) * dilation < in;
}

bool SHUNT_CHECK_RING_WINDOW(const shunt_call_t *call, const shunt_ring_view_t *view,
                             uint32_t params_bytes, const shunt_window_t *window) {
    return SHUNT_CHECK_RING_VIEW(call, view, params_bytes, window->in_height,
                                 window->in_channels) &&
           (uint64_t)window->in_width * view->pixel_bytes == view->row_bytes &&
           window->batches == 1 && (window->pad_top | window->pad_left) == 0 &&
           shunt_check_window_result(call, window) &&
           taps_stay_inside(window->in_height, window->out_height, window->stride_height,
                            window->kernel_height, window->dilation_height) &&
           taps_stay_inside(window->in_width, window->out_width, window->stride_width,
                            window->kernel_width, window->dilation_width);
}

ring_pieces_t SHUNT_RING_PIECES(const shunt_call_t *call, const shunt_ring_view_t *view,
                                uint32_t first, uint32_t count, uint32_t step) {
    const int8_t *in = shunt_operand_in(call, 0);
    uint32_t row =
        ring_head(shunt_operand_in(call, 1), view->head, view->rows) + view->first_row + first;
    row = row < view->rows ? row : row - view->rows;
    const uint32_t before_end = view->rows - row;
    uint32_t here = step == 1 ? before_end : (before_end + step - 1) / step;
    here = here < count ? here : count;
    in += view->first_channel;
    // The second piece starts as far behind the ring's start as the first would reach behind its
    // end.
    const uint32_t next = here < count ? row + here * step - view->rows : 0;
    return (ring_pieces_t){
        .in = {in + (size_t)row * view->row_bytes, in + (size_t)next * view->row_bytes},
        .rows = {(int32_t)here, (int32_t)(count - here)},
    };
}

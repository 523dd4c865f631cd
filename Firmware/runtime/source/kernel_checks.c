// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel_checks.h"

#include "shunt_overlap.h"

bool shunt_check_counts(const shunt_call_t *call, uint32_t inputs, uint32_t outputs,
                        uint32_t params_bytes) {
    const shunt_blob_step_t *step = call->step;
    return step->input_count == inputs && step->output_count == outputs &&
           step->params_bytes == params_bytes && step->flags == SHUNT_REQUANTIZE_EXACT;
}

bool shunt_check_type(const shunt_call_t *call, uint32_t first, uint32_t count, uint32_t type) {
    for (uint32_t i = first; i < first + count; i++) {
        if (shunt_operand(call, i)->type != type) {
            return false;
        }
    }
    return true;
}

bool shunt_check_step(const shunt_call_t *call, uint32_t inputs, uint32_t outputs,
                      uint32_t params_bytes) {
    return shunt_check_counts(call, inputs, outputs, params_bytes) &&
           shunt_check_type(call, 0, inputs + outputs, SHUNT_TYPE_S8);
}

bool shunt_check_layer(const shunt_call_t *call, uint32_t params_bytes) {
    const shunt_blob_step_t *step = call->step;
    return step->input_count == 1 && step->output_count == 1 &&
           step->params_bytes == params_bytes && step->flags <= SHUNT_REQUANTIZE_FAST &&
           shunt_check_type(call, 0, 2, SHUNT_TYPE_S8);
}

bool shunt_check_separate(const shunt_call_t *call) {
    const uint32_t inputs = call->step->input_count;
    for (uint32_t out = inputs; out < inputs + call->step->output_count; out++) {
        for (uint32_t in = 0; in < inputs; in++) {
            if (shunt_tensors_overlap(shunt_operand(call, in), shunt_operand(call, out))) {
                return false;
            }
        }
    }
    return true;
}

bool shunt_check_in_place(const shunt_call_t *call, uint32_t index) {
    const shunt_blob_tensor_t *in = shunt_operand(call, index);
    const shunt_blob_tensor_t *out = shunt_operand(call, call->step->input_count);
    return !shunt_tensors_overlap(in, out) ||
           (in->offset == out->offset && in->bytes == out->bytes);
}

bool shunt_check_scale(int32_t multiplier, int32_t shift, int32_t min_shift, int32_t max_shift) {
    return (multiplier == 0 || multiplier >= (1 << 30)) && shift >= min_shift && shift <= max_shift;
}

bool shunt_check_channels(const shunt_call_t *call, uint32_t offset, uint32_t count) {
    if (!shunt_constants_valid(call, offset, (uint64_t)count * sizeof(shunt_channel_t))) {
        return false;
    }
    const shunt_channel_t *channels = shunt_constants(call, offset);
    for (uint32_t i = 0; i < count; i++) {
        if (!shunt_check_scale(channels[i].multiplier, channels[i].shift, -31, 30)) {
            return false;
        }
    }
    return true;
}

bool shunt_check_line(int32_t multiplier) {
    return multiplier >= 0 && (multiplier & 1) == 0;
}

bool shunt_check_records(const shunt_call_t *call, uint32_t offset, uint32_t count) {
    if (!shunt_constants_valid(call, offset, (uint64_t)count * sizeof(shunt_channel_t))) {
        return false;
    }
    const bool lines = call->step->flags == SHUNT_REQUANTIZE_LINE;
    const shunt_channel_t *channels = shunt_constants(call, offset);
    for (uint32_t i = 0; i < count; i++) {
        const shunt_channel_t *channel = &channels[i];
        // Both kinds of records have the multiplier in the same place.
        if (lines ? !shunt_check_line(channel->multiplier)
                  : !shunt_check_scale(channel->multiplier, channel->shift, -31, 30)) {
            return false;
        }
    }
    return true;
}

bool shunt_check_product(uint32_t a, uint32_t b, uint32_t product) {
    return (uint64_t)a * b == product;
}

bool shunt_check_zero_point(int32_t zero_point) {
    return zero_point >= INT8_MIN && zero_point <= INT8_MAX;
}

bool shunt_check_clamp(int32_t min, int32_t max) {
    return min >= INT8_MIN && min <= max && max <= INT8_MAX;
}

bool shunt_check_clamp_s16(int32_t min, int32_t max) {
    return min >= INT16_MIN && min <= max && max <= INT16_MAX;
}

bool shunt_check_output(int32_t zero_point, int32_t min, int32_t max) {
    return shunt_check_zero_point(zero_point) && shunt_check_clamp(min, max);
}

/// Whether the tensor holds batches x height x width x channels elements of one or two bytes; all
/// factors are 16-bit.
__attribute__((noinline)) static bool image_valid(const shunt_blob_tensor_t *tensor,
                                                  uint32_t batches, uint32_t height, uint32_t width,
                                                  uint32_t channels) {
    const uint64_t pixels = (uint64_t)batches * height * width;
    const uint32_t element_bytes = tensor->type == SHUNT_TYPE_S16 ? 2 : 1;
    return pixels <= tensor->bytes && pixels * channels * element_bytes == tensor->bytes;
}

/// Whether the coordinates along one dimension, up to the last tap of the window behind the last
/// one, fit an int32_t.
static bool reach_valid(uint32_t out, uint32_t stride, uint32_t kernel, uint32_t dilation) {
    return kernel != 0 && stride != 0 && dilation != 0 &&
           (uint64_t)out * stride + (uint64_t)kernel * dilation <= INT32_MAX;
}

// A tensor has at least one byte, so that equal sizes exclude zero dimensions.

bool shunt_check_window(const shunt_call_t *call, const shunt_window_t *window) {
    return image_valid(shunt_operand(call, 0), window->batches, window->in_height, window->in_width,
                       window->in_channels) &&
           shunt_check_window_result(call, window);
}

bool shunt_check_window_result(const shunt_call_t *call, const shunt_window_t *window) {
    return image_valid(shunt_operand(call, call->step->input_count), window->batches,
                       window->out_height, window->out_width, window->out_channels) &&
           reach_valid(window->out_height, window->stride_height, window->kernel_height,
                       window->dilation_height) &&
           reach_valid(window->out_width, window->stride_width, window->kernel_width,
                       window->dilation_width) &&
           window->reserved == 0;
}

bool shunt_check_window_overlap(const shunt_call_t *call, const shunt_window_t *window,
                                bool ahead) {
    const shunt_blob_tensor_t *in = shunt_operand(call, 0);
    const shunt_blob_tensor_t *out = shunt_operand(call, 1);
    return !shunt_tensors_overlap(in, out) ||
           (int64_t)in->offset - out->offset >= shunt_window_lead(window, ahead);
}

// Sums ----------------------------------------------------------------------------------------

/// Whether the elements of all three operands lie side by side, in the same order.
static bool dense(const shunt_add_line_params_t *p) {
    uint32_t stride = 1;
    for (uint32_t i = 4; i-- > 0;) {
        if (p->dims[i] != 1 && (p->strides[0][i] != stride || p->strides[1][i] != stride)) {
            return false;
        }
        stride *= p->dims[i];
    }
    return true;
}

bool shunt_check_dense_add_line(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    if (!shunt_check_step(call, 2, 1, sizeof *p)) {
        return false;
    }
    const uint32_t count = shunt_operand(call, 2)->bytes;
    return shunt_check_product(p->dims[0], p->dims[1], p->dims[0] * p->dims[1]) &&
           shunt_check_product(p->dims[2], p->dims[3], p->dims[2] * p->dims[3]) &&
           shunt_check_product(p->dims[0] * p->dims[1], p->dims[2] * p->dims[3], count) &&
           dense(p) && shunt_operand(call, 0)->bytes == count &&
           shunt_operand(call, 1)->bytes == count && shunt_check_in_place(call, 0) &&
           shunt_check_in_place(call, 1) && ((p->multiplier[0] | p->multiplier[1]) & 1) == 0 &&
           shunt_check_clamp(p->clamp_min, p->clamp_max) && p->reserved == 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "shunt_kernel_checks.h"

enum { UNIT_BITS = 10, UNIT = 1 << UNIT_BITS };

/// Two neighbours along one dimension, and how far the place lies from the first.
typedef struct place {
    uint32_t lower, upper;
    int32_t fraction; ///< In 1/1024, -512 ... 1024; negative only where both are the same.
} place_t;

static place_t locate(uint32_t index, int32_t scale, int32_t offset, uint32_t size) {
    const int32_t position = (int32_t)index * scale + offset;
    place_t place = {0, (uint32_t)(position + UNIT - 1) >> UNIT_BITS, position};
    if (position > 0) {
        place.lower = (uint32_t)position >> UNIT_BITS;
        place.fraction = position & (UNIT - 1);
    }
    place.upper = place.upper < size ? place.upper : size - 1;
    if (place.lower > place.upper) { // rounded scales may lead a little beyond the end
        place.lower = place.upper;
        place.fraction = 0;
    }
    return place;
}

/// The nearest integer to sum / 2^20, halves away from zero.
static int32_t rounded(int32_t sum) {
    const int32_t half = 1 << (2 * UNIT_BITS - 1);
    return (sum > 0 ? sum + half : sum - half) / (1 << (2 * UNIT_BITS));
}

static int8_t *resize_pixel(const shunt_resize_params_t *p, const int8_t *upper_row,
                            const int8_t *lower_row, int32_t fraction, place_t column,
                            int8_t *out) {
    const size_t left = (size_t)column.lower * p->channels;
    const size_t right = (size_t)column.upper * p->channels;
    const int32_t weights[4] = {(UNIT - fraction) * (UNIT - column.fraction),
                                fraction * (UNIT - column.fraction),
                                (UNIT - fraction) * column.fraction, fraction * column.fraction};
    for (uint32_t c = 0; c < p->channels; c++) {
        const int32_t sum = upper_row[left + c] * weights[0] + lower_row[left + c] * weights[1] +
                            upper_row[right + c] * weights[2] + lower_row[right + c] * weights[3];
        *out++ = (int8_t)rounded(sum);
    }
    return out;
}

static int8_t *resize_image(const shunt_resize_params_t *p, const int8_t *image, int8_t *out) {
    const size_t row_bytes = (size_t)p->in_width * p->channels;
    for (uint32_t y = 0; y < p->out_height; y++) {
        const place_t row = locate(y, p->height_scale, p->height_offset, p->in_height);
        for (uint32_t x = 0; x < p->out_width; x++) {
            const place_t column = locate(x, p->width_scale, p->width_offset, p->in_width);
            out = resize_pixel(p, image + row.lower * row_bytes, image + row.upper * row_bytes,
                               row.fraction, column, out);
        }
    }
    return out;
}

/// Whether a tensor has batches x height x width x channels bytes, computed without wrapping.
static bool size_valid(const shunt_blob_tensor_t *tensor, const shunt_resize_params_t *p,
                       uint32_t height, uint32_t width) {
    const uint64_t pixels = (uint64_t)height * width;
    const uint64_t vectors = (uint64_t)p->batches * p->channels;
    return pixels <= tensor->bytes && vectors <= tensor->bytes && pixels * vectors == tensor->bytes;
}

static bool scale_valid(uint32_t out, int32_t scale, int32_t offset) {
    return scale >= 0 && offset >= -UNIT / 2 && offset <= 1 << 29 &&
           (uint64_t)(out - 1) * (uint32_t)scale <= 1 << 30;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_resize_params_t *p = call->params;
    // A tensor has at least one byte, so that equal sizes exclude zero dimensions.
    const bool valid = shunt_check_step(call, 1, 1, sizeof *p) && shunt_check_separate(call) &&
                       size_valid(shunt_operand(call, 0), p, p->in_height, p->in_width) &&
                       size_valid(shunt_operand(call, 1), p, p->out_height, p->out_width) &&
                       scale_valid(p->out_height, p->height_scale, p->height_offset) &&
                       scale_valid(p->out_width, p->width_scale, p->width_offset) &&
                       p->reserved[0] == 0 && p->reserved[1] == 0;
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_resize_params_t *p = call->params;
    const int8_t *in = shunt_operand_in(call, 0);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t image_bytes = shunt_operand(call, 0)->bytes / p->batches;
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        out = resize_image(p, in, out);
        in += image_bytes;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(resize_bilinear_s8) = {
    .id = SHUNT_KERNEL_RESIZE_BILINEAR_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "resize_bilinear_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "intrinsics.h"
#include "patch.h"
#include "shunt_kernel_checks.h"

enum { BLOCK = SHUNT_MVE_BLOCK };

/// What stays the same over all pixels of a step.
typedef struct depthwise {
    const shunt_window_t *window;
    patch_t patch;
    const int8_t *image;
    int8_t *out;
    int8_t *spare; ///< Outputs of pixels that do not exist go here.
    int8_t *patches;
    int8_t *row; ///< Of the image, which the output overwrites.
    const int8_t *weights;
    const int32_t *records;
    int8_t padding[BLOCK]; ///< A pixel outside of the image.
    bool is_in_place;
} depthwise_t;

/// Up to 16 channels.
typedef struct channels {
    int32_t first, count;
    mve_pred16_t active;
} channels_t;

static channels_t channels_from(const depthwise_t *d, int32_t first) {
    const int32_t left = d->window->out_channels - first;
    const int32_t count = left < BLOCK ? left : BLOCK;
    return (channels_t){first, count, vctp8q((uint32_t)count)};
}

/// Where the bytes of 16 channels go in their patches.
static uint8x16_t patch_offsets(void) {
    // VIDUP counts up by at most 8.
    const uint8x16_t half = vidupq_n_u8(0, 8);
    return vaddq_u8(half, half);
}

/// The outputs of the slots, whose pixels end at patch.ends, channels after `c`.
static void compute(depthwise_t *d, const channels_t *c) {
    d->patch.weights = d->weights + (ptrdiff_t)c->first * BLOCK;
    d->patch.records = d->records + (ptrdiff_t)c->first * SHUNT_MVE_RECORD_WORDS;
    d->patch.channels = -c->count;
    SHUNT_PATCH_COMPUTE(&d->patch);
}

// MARK: stride 1

/// Four rows of the image, from which two columns after the other are taken.
typedef struct rows {
    const int8_t *next[4]; ///< Those of the next column inside the image.
    int32_t step[4];       ///< From one column to the next.
    int8_t *keep;          ///< Where the third row is kept.
    int32_t x;             ///< The next column; may lie outside.
    bool reach_end;        ///< Blocks of 16 bytes would reach beyond the image.
} rows_t;

/// One element of each row.
typedef struct column {
    int8x16_t row0, row1, row2, row3;
} column_t;

static inline void scatter(const column_t *column, uint8x16_t offset, int8_t *left, int8_t *right) {
    const uint8x16_t offset1 = vaddq_n_u8(offset, 1), offset2 = vaddq_n_u8(offset, 2);
    const uint8x16_t offset3 = vaddq_n_u8(offset, 3);
    vstrbq_scatter_offset_s8(left, offset, column->row0);
    vstrbq_scatter_offset_s8(right, offset, column->row0);
    vstrbq_scatter_offset_s8(left, offset1, column->row1);
    vstrbq_scatter_offset_s8(right, offset1, column->row1);
    vstrbq_scatter_offset_s8(left, offset2, column->row2);
    vstrbq_scatter_offset_s8(right, offset2, column->row2);
    vstrbq_scatter_offset_s8(left, offset3, column->row3);
    vstrbq_scatter_offset_s8(right, offset3, column->row3);
}

/// One column, wherever it is.
static void write_column(const depthwise_t *d, const channels_t *c, rows_t *rows, int8_t *left,
                         int8_t *right) {
    column_t column;
    if (rows->x >= 0 && rows->x < d->window->in_width) {
        const mve_pred16_t active = c->active;
        column = (column_t){vld1q_z_s8(rows->next[0], active), vld1q_z_s8(rows->next[1], active),
                            vld1q_z_s8(rows->next[2], active), vld1q_z_s8(rows->next[3], active)};
        for (int32_t i = 0; i < 4; i++) {
            rows->next[i] += rows->step[i];
        }
        if (d->is_in_place) {
            vst1q_s8(rows->keep, column.row2);
            rows->keep += BLOCK;
        }
    } else {
        const int8x16_t padding = vld1q_s8(d->padding);
        column = (column_t){padding, padding, padding, padding};
    }
    scatter(&column, patch_offsets(), left, right);
    rows->x++;
}

/// Two columns go to the right half of one patch and to the left half of the next one.
static void write_columns(const depthwise_t *d, const channels_t *c, rows_t *rows, int8_t *left,
                          int8_t *right) {
    if (rows->x < 0 || rows->x + 1 >= d->window->in_width || rows->reach_end) {
        write_column(d, c, rows, left + 8, right);
        write_column(d, c, rows, left + 12, right + 4);
        return;
    }
    const uint8x16_t offset = patch_offsets();
    const int8_t *const first0 = rows->next[0], *const first1 = rows->next[1];
    const int8_t *const first2 = rows->next[2], *const first3 = rows->next[3];
    const int8_t *const second0 = first0 + rows->step[0], *const second1 = first1 + rows->step[1];
    const int8_t *const second2 = first2 + rows->step[2], *const second3 = first3 + rows->step[3];
    rows->next[0] = second0 + rows->step[0], rows->next[1] = second1 + rows->step[1];
    rows->next[2] = second2 + rows->step[2], rows->next[3] = second3 + rows->step[3];
    rows->x += 2;
    // Kept elements take the place of those that are read in the same call.
    const column_t first = {vld1q_s8(first0), vld1q_s8(first1), vld1q_s8(first2), vld1q_s8(first3)};
    scatter(&first, offset, left + 8, right);
    const column_t second = {vld1q_s8(second0), vld1q_s8(second1), vld1q_s8(second2),
                             vld1q_s8(second3)};
    scatter(&second, offset, left + 12, right + 4);
    if (d->is_in_place) {
        vst1q_s8(rows->keep, first.row2);
        vst1q_s8(rows->keep + BLOCK, second.row2);
        rows->keep += 2 * BLOCK;
    }
}

/// The rows of the windows of output rows `row` and `row` + 1.
static void start_rows(const depthwise_t *d, const channels_t *c, int32_t row, rows_t *rows) {
    const shunt_window_t *window = d->window;
    const int32_t depth = window->in_channels;
    const int32_t top = row - window->pad_top;
    for (int32_t i = 0; i < 4; i++) {
        const int32_t y = top + i;
        const bool is_inside = y >= 0 && y < window->in_height;
        rows->next[i] = is_inside ? d->image + y * window->in_width * depth + c->first : d->padding;
        rows->step[i] = is_inside ? depth : 0;
    }
    rows->x = -window->pad_left;
    rows->keep = d->row;
    rows->reach_end = c->count < BLOCK && top + 4 >= window->in_height;
    if (d->is_in_place && row > 0) {
        rows->next[0] = d->row;
        rows->step[0] = BLOCK;
    }
}

/// The ends of the pixels of a patch, the first of which is in this row and column.
static void set_ends(const depthwise_t *d, const channels_t *c, int32_t row, int32_t column,
                     int8_t **ends) {
    const shunt_window_t *window = d->window;
    const int32_t depth = window->out_channels;
    int8_t *const spare = d->spare + c->count;
    int8_t *const end = d->out + (row * window->out_width + column) * depth + c->first + c->count;
    const bool has_right = column + 1 < window->out_width, has_below = row + 1 < window->out_height;
    int8_t *const below = end + window->out_width * depth;
    ends[0] = end;
    ends[1] = has_right ? end + depth : spare;
    ends[2] = has_below ? below : spare;
    ends[3] = has_right && has_below ? below + depth : spare;
}

static void convolve_channels(depthwise_t *d, const channels_t *c) {
    int8_t *patch = d->patches, *next = patch + PATCH_BYTES, *last = next + PATCH_BYTES;
    rows_t rows;
    uint32_t slot = 0;
    for (int32_t row = 0; row < d->window->out_height; row += 2) {
        start_rows(d, c, row, &rows);
        write_columns(d, c, &rows, next, patch); // what goes to `next` is overwritten
        for (int32_t column = 0; column < d->window->out_width; column += 2) {
            // What the next patch needs of these columns is read before it is overwritten.
            write_columns(d, c, &rows, patch, next);
            set_ends(d, c, row, column, d->patch.ends[slot]);
            d->patch.slots[slot] = patch;
            if (++slot == PATCH_SLOTS) {
                compute(d, c);
                slot = 0;
            }
            int8_t *const free = last;
            last = patch;
            patch = next;
            next = free;
        }
    }
    if (slot != 0) {
        for (uint32_t i = 0; i < PATCH_LANES; i++) {
            d->patch.ends[1][i] = d->spare + c->count;
        }
        d->patch.slots[1] = d->patch.slots[0];
        compute(d, c);
    }
}

// MARK: stride 2

/// The patch of two windows whose first one starts at row y and column x of the image.
static void write_patch(const depthwise_t *d, const channels_t *c, int32_t y, int32_t x,
                        int8_t *to) {
    const shunt_window_t *window = d->window;
    const int32_t depth = window->in_channels;
    const uint8x16_t offset0 = patch_offsets();
    const uint8x16_t offset1 = vaddq_n_u8(offset0, 1), offset2 = vaddq_n_u8(offset0, 2);
    const int8x16_t padding = vld1q_s8(d->padding);
    const int8_t *next[3];
    int32_t step[3];
    const int32_t start = x < 0 ? 0 : x;
    for (int32_t i = 0; i < 3; i++, y++) {
        const bool is_inside = y >= 0 && y < window->in_height;
        next[i] =
            is_inside ? d->image + (y * window->in_width + start) * depth + c->first : d->padding;
        step[i] = is_inside ? depth : 0;
    }
    for (int32_t i = 0; i < 5; i++, x++, to += 3) {
        int8x16_t row0 = padding, row1 = padding, row2 = padding;
        if (x >= 0 && x < window->in_width) {
            row0 = vld1q_z_s8(next[0], c->active);
            row1 = vld1q_z_s8(next[1], c->active);
            row2 = vld1q_z_s8(next[2], c->active);
            next[0] += step[0], next[1] += step[1], next[2] += step[2];
        }
        vstrbq_scatter_offset_s8(to, offset0, row0);
        vstrbq_scatter_offset_s8(to, offset1, row1);
        vstrbq_scatter_offset_s8(to, offset2, row2);
    }
}

/// Pixel number `first` of each slot is in this row and column; a column of out_width is none.
typedef struct slot {
    int32_t row, column;
} slot_t;

static void write_slot(const depthwise_t *d, const slot_t *slot, int8_t *to) {
    const shunt_window_t *window = d->window;
    const int32_t y = 2 * slot->row - window->pad_top, x = 2 * slot->column - window->pad_left;
    for (int32_t first = 0; first < window->out_channels; first += BLOCK) {
        const channels_t c = channels_from(d, first);
        write_patch(d, &c, y, x, to);
        write_patch(d, &c, y, x + 4, to + PATCH_BYTES);
        to += PATCH_SLOTS * 2 * PATCH_BYTES;
    }
}

static void compute_slots(depthwise_t *d, const slot_t slots[PATCH_SLOTS]) {
    const shunt_window_t *window = d->window;
    const int8_t *patches = d->patches;
    for (int32_t first = 0; first < window->out_channels; first += BLOCK) {
        const channels_t c = channels_from(d, first);
        for (uint32_t i = 0; i < PATCH_SLOTS * PATCH_LANES; i++) {
            const slot_t *slot = &slots[i / PATCH_LANES];
            const int32_t column = slot->column + (int32_t)(i % PATCH_LANES);
            int8_t *pixel =
                column < window->out_width
                    ? d->out + (slot->row * window->out_width + column) * window->out_channels +
                          first
                    : d->spare;
            d->patch.ends[i / PATCH_LANES][i % PATCH_LANES] = pixel + c.count;
        }
        d->patch.slots[0] = patches;
        d->patch.slots[1] = patches + 2 * PATCH_BYTES;
        compute(d, &c);
        patches += PATCH_SLOTS * 2 * PATCH_BYTES;
    }
}

static void convolve_pixels(depthwise_t *d) {
    const shunt_window_t *window = d->window;
    slot_t slots[PATCH_SLOTS];
    uint32_t count = 0;
    for (int32_t row = 0; row < window->out_height; row++) {
        for (int32_t column = 0; column < window->out_width; column += PATCH_LANES) {
            slots[count] = (slot_t){row, column};
            write_slot(d, &slots[count], d->patches + count * 2 * PATCH_BYTES);
            if (++count == PATCH_SLOTS) {
                compute_slots(d, slots);
                count = 0;
            }
        }
    }
    if (count != 0) {
        slots[1] = (slot_t){0, window->out_width};
        compute_slots(d, slots);
    }
}

// MARK: the kernel

static bool overlap_valid(const shunt_call_t *call, const shunt_window_t *window) {
    if (window->stride_height == 2) {
        return shunt_check_window_overlap(call, window, true);
    }
    return shunt_mve_depthwise_in_place(window) ? shunt_check_in_place(call, 0)
                                                : shunt_check_separate(call);
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    if (!shunt_check_layer(call, sizeof *p) || !shunt_check_window(call, &p->window) ||
        !shunt_mve_depthwise_is_supported(&p->window) || !overlap_valid(call, &p->window) ||
        !shunt_check_zero_point(p->input_zero_point) ||
        !shunt_check_output(p->output_zero_point, p->clamp_min, p->clamp_max) ||
        (p->reserved[0] | p->reserved[1]) != 0) {
        return SHUNT_ERR_PARAMS;
    }
    const bool valid =
        shunt_constants_valid(call, p->weights, shunt_mve_depthwise_weights_bytes(&p->window)) &&
        shunt_constants_valid(call, p->channels, shunt_mve_records_bytes(p->window.out_channels)) &&
        call->step->scratch_bytes >= shunt_mve_depthwise_scratch_bytes(&p->window);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_depthwise_conv2d_params_t *p = call->params;
    const shunt_window_t *window = &p->window;
    int8_t *const scratch = shunt_scratch(call);
    depthwise_t d;
    d.window = window;
    d.image = shunt_operand_in(call, 0);
    d.out = shunt_operand_out(call, 0);
    d.spare = scratch;
    d.patches = scratch + BLOCK;
    d.row = d.patches + 3 * PATCH_BYTES;
    d.weights = (const int8_t *)shunt_constants(call, p->weights) + BLOCK;
    d.records = shunt_constants(call, p->channels);
    d.is_in_place = shunt_mve_depthwise_in_place(window) &&
                    shunt_operand(call, 0)->offset == shunt_operand(call, 1)->offset;
    d.patch.zero_point = p->output_zero_point;
    vst1q_s8(d.padding, vdupq_n_s8((int8_t)p->input_zero_point));
    SHUNT_PATCH_PREPARE(&d.patch, call->step->flags, window->stride_height, p->clamp_min,
                        p->clamp_max);
    const size_t in_bytes = shunt_operand(call, 0)->bytes / window->batches;
    const size_t out_bytes = shunt_operand(call, 1)->bytes / window->batches;
    for (uint32_t batch = 0; batch < window->batches; batch++) {
        if (window->stride_height == 2) {
            convolve_pixels(&d);
        } else {
            for (int32_t first = 0; first < window->out_channels; first += BLOCK) {
                const channels_t c = channels_from(&d, first);
                convolve_channels(&d, &c);
            }
        }
        d.image += in_bytes;
        d.out += out_bytes;
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(depthwise_conv2d_s8) = {
    .id = SHUNT_KERNEL_DEPTHWISE_CONV2D_S8,
    .set = SHUNT_SET_MVE,
    .version = 1,
    .name = "depthwise_conv2d_s8",
    .check = check,
    .run = run,
};

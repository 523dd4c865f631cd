// SPDX-License-Identifier: Apache-2.0
#include "tile.h"

#include "intrinsics.h"
#include "scale.h"

#if defined(__ARM_FEATURE_MVE)

_Static_assert(offsetof(tile_t, min) == 48 && offsetof(tile_t, max) == 64 &&
                   offsetof(tile_t, start) == 80,
               "offsets of the assembly");

// r0 r2 r4 r6: sums of the tile's first channel for four pixels; r8 r10 r12 lr: of its second one.
// r1: columns, at the block that q0 ... q3 hold. r3: weights. r5: records. r7: tile_t. r9: passes
// to go. r11: channels to go, negative. q4, q5: weights, then sums. q6: ends of the pixels. q7:
// outputs of up to three channels, in the top bytes of each lane: the newest is the highest.
__asm(".syntax unified\n"
      ".thumb\n"
      ".pushsection .text.shunt_mve_tile, \"ax\", %progbits\n"
      ".balign 4\n"

      // A block whose columns are loaded already.
      ".macro tile_products multiply, p0, p1, p2, p3\n"
      "    vldrw.u32 q4, [r3], #16\n"
      "    \\multiply r0, \\p0, q4\n"
      "    \\multiply r2, \\p1, q4\n"
      "    \\multiply r4, \\p2, q4\n"
      "    vldrw.u32 q5, [r3], #16\n"
      "    \\multiply r6, \\p3, q4\n"
      "    \\multiply r8, \\p0, q5\n"
      "    \\multiply r10, \\p1, q5\n"
      "    \\multiply r12, \\p2, q5\n"
      "    \\multiply lr, \\p3, q5\n"
      ".endm\n"

      // Sums start anew.
      ".macro tile_first p0, p1, p2, p3\n"
      "    tile_products vmladav.s8, \\p0, \\p1, \\p2, \\p3\n"
      ".endm\n"

      // A window of 3 x 3 blocks, of neighbouring pixels: what is one's block of a tap is the next
      // one's of the tap before, and stays in its register. After the first block, and r1 at the
      // first of its row.
      ".macro tile_slide_forward\n"
      "    vldrw.u32 q0, [r1, #112]\n"
      "    tile_products vmladava.s8, q1, q2, q3, q0\n"
      "    vldrw.u32 q1, [r1, #176]\n"
      "    tile_products vmladava.s8, q2, q3, q0, q1\n"
      ".endm\n"

      ".macro tile_window_forward\n"
      "    tile_slide_forward\n"
      ".rept 2\n"
      "    vldrw.u32 q0, [r1, #192]!\n"
      "    vldrw.u32 q1, [r1, #16]\n"
      "    vldrw.u32 q2, [r1, #32]\n"
      "    vldrw.u32 q3, [r1, #48]\n"
      "    tile_products vmladava.s8, q0, q1, q2, q3\n"
      "    tile_slide_forward\n"
      ".endr\n"
      ".endm\n"

      // The same from the last block to the first one.
      ".macro tile_window_backward\n"
      "    vldrw.u32 q1, [r1, #64]\n"
      "    tile_products vmladava.s8, q1, q2, q3, q0\n"
      "    vldrw.u32 q0, [r1]\n"
      "    tile_products vmladava.s8, q0, q1, q2, q3\n"
      ".rept 2\n"
      "    vldrw.u32 q2, [r1, #-64]\n"
      "    vldrw.u32 q3, [r1, #-48]\n"
      "    vldrw.u32 q0, [r1, #-32]\n"
      "    vldrw.u32 q1, [r1, #-16]\n"
      "    tile_products vmladava.s8, q2, q3, q0, q1\n"
      "    vldrw.u32 q1, [r1, #-128]!\n"
      "    tile_products vmladava.s8, q1, q2, q3, q0\n"
      "    vldrw.u32 q0, [r1, #-64]!\n"
      "    tile_products vmladava.s8, q0, q1, q2, q3\n"
      ".endr\n"
      ".endm\n"

      // The next block in the direction of `step`; loads alternate with products, which overlap.
      ".macro tile_block step\n"
      "    vldrw.u32 q0, [r1, #\\step]!\n"
      "    vldrw.u32 q4, [r3], #16\n"
      "    vmladava.s8 r0, q0, q4\n"
      "    vldrw.u32 q1, [r1, #16]\n"
      "    vmladava.s8 r2, q1, q4\n"
      "    vldrw.u32 q2, [r1, #32]\n"
      "    vmladava.s8 r4, q2, q4\n"
      "    vldrw.u32 q3, [r1, #48]\n"
      "    vmladava.s8 r6, q3, q4\n"
      "    vldrw.u32 q5, [r3], #16\n"
      "    vmladava.s8 r8, q0, q5\n"
      "    vmladava.s8 r10, q1, q5\n"
      "    vmladava.s8 r12, q2, q5\n"
      "    vmladava.s8 lr, q3, q5\n"
      ".endm\n"

      // The sums of two channels go to vectors, the constants of the two into the registers.
      ".macro tile_gather a, b\n"
      "    vmov \\a[2], \\a[0], r0, r4\n"
      "    vmov \\a[3], \\a[1], r2, r6\n"
      "    vmov \\b[2], \\b[0], r8, r12\n"
      "    vmov \\b[3], \\b[1], r10, lr\n"
      "    ldm r5!, {r0, r2, r4, r6, r8, r10}\n"
      ".endm\n"

      // Sums become outputs in the top byte of each lane.
      ".macro tile_scale_line sum, bias, multiplier, offset, temporary\n"
      "    vadd.i32 \\sum, \\sum, \\bias\n"
      "    vqdmulh.s32 \\sum, \\sum, \\multiplier\n"
      "    vadd.i32 \\sum, \\sum, \\offset\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      ".macro tile_scale_exact sum, bias, multiplier, shift, temporary\n"
      "    vadd.i32 \\sum, \\sum, \\bias\n"
      "    usat r12, #5, \\shift\n"
      "    vshl.s32 \\sum, r12\n"
      "    subs \\shift, \\shift, r12\n"
      "    vqrdmulh.s32 \\sum, \\sum, \\multiplier\n"
      "    lsr r12, \\shift, #31\n"
      "    vshr.s32 \\temporary, \\sum, #31\n"
      "    vmla.s32 \\sum, \\temporary, r12\n"
      "    vrshl.s32 \\sum, \\shift\n"
      "    vqadd.s32 \\sum, \\sum, lr\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      // The same for channels that are shifted to the right, or 0.
      ".macro tile_scale_right sum, bias, multiplier, shift, temporary\n"
      "    vadd.i32 \\sum, \\sum, \\bias\n"
      "    vqrdmulh.s32 \\sum, \\sum, \\multiplier\n"
      "    vshr.s32 \\temporary, \\sum, #31\n"
      "    vadd.i32 \\sum, \\sum, \\temporary\n"
      "    vrshl.s32 \\sum, \\shift\n"
      "    vqadd.s32 \\sum, \\sum, lr\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      ".macro tile_scale_fast sum, bias, multiplier, shift, temporary\n"
      "    vadd.i32 \\sum, \\sum, \\bias\n"
      "    add r12, \\shift, #1\n"
      "    usat r12, #5, r12\n"
      "    vqshl.s32 \\sum, r12\n"
      "    sub \\shift, \\shift, r12\n"
      "    vqdmulh.s32 \\sum, \\sum, \\multiplier\n"
      "    vrshl.s32 \\sum, \\shift\n"
      "    vqadd.s32 \\sum, \\sum, lr\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      // What the functions below have in common: they start at tile_t's `start`.
      ".globl shunt_tile_compute_mve\n"
      ".type shunt_tile_compute_mve, %function\n"
      ".thumb_func\n"
      "shunt_tile_compute_mve:\n"
      "    push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n"
      "    vpush {d8, d9, d10, d11, d12, d13, d14, d15}\n"
      "    mov r7, r0\n"
      "    ldr r3, [r7, #16]\n"
      "    ldr r5, [r7, #20]\n"
      "    ldr r11, [r7, #24]\n"
      "    vldrw.u32 q0, [r1]\n"
      "    vldrw.u32 q1, [r1, #16]\n"
      "    vldrw.u32 q2, [r1, #32]\n"
      "    vldrw.u32 q3, [r1, #48]\n"
      "    vldrw.u32 q6, [r7, #32]\n"
      "    ldr pc, [r7, #80]\n"
      ".size shunt_tile_compute_mve, . - shunt_tile_compute_mve\n"

      // The blocks behind the first one, in one direction.
      ".macro tile_rest name, direction, step, unroll, entry\n"
      ".if \\unroll == 0\n"
      "    tile_window_\\direction\n"
      ".else\n"
      ".if \\unroll < 0\n"
      "    ldr r9, [r7, #12]\n"
      ".endif\n"
      "    ldr pc, [r7, #\\entry]\n"
      ".thumb_func\n"
      "\\name\\()_\\direction:\n"
      ".if \\unroll < 0\n"
      ".rept -(\\unroll)\n"
      "    tile_block \\step\n"
      ".endr\n"
      "    subs r9, r9, #1\n"
      "    bgt \\name\\()_\\direction\n"
      ".else\n"
      ".rept \\unroll\n"
      "    tile_block \\step\n"
      ".endr\n"
      ".endif\n"
      ".thumb_func\n"
      "\\name\\()_\\direction\\()_end:\n"
      ".endif\n"
      ".endm\n"

      // form: line, exact, right or fast. unroll: blocks of a pass; negative: there may be several
      // passes; 0: a window of 3 x 3 blocks.
      ".macro tile_function name, form, unroll\n"
      ".type \\name, %function\n"
      ".thumb_func\n"
      "\\name:\n"
      "    tile_first q0, q1, q2, q3\n"
      "    tile_rest \\name, forward, 64, \\unroll, 0\n"
      "    tile_gather q4, q7\n"
      ".ifnc \\form, line\n"
      "    ldr lr, [r7, #28]\n"
      ".endif\n"
      "    tile_scale_\\form q4, r0, r2, r4, q5\n"
      "    tile_scale_\\form q7, r6, r8, r10, q5\n"
      "    vsri.32 q7, q4, #8\n"
      ".if \\unroll == 0\n"
      "    tile_first q2, q3, q0, q1\n"
      ".else\n"
      "    tile_first q0, q1, q2, q3\n"
      ".endif\n"
      "    tile_rest \\name, backward, -64, \\unroll, 4\n"
      "    tile_gather q4, q5\n"
      ".ifnc \\form, line\n"
      "    ldr lr, [r7, #28]\n"
      ".endif\n"
      "    tile_scale_\\form q4, r0, r2, r4, q6\n"
      "    tile_scale_\\form q5, r6, r8, r10, q6\n"
      "    vsri.32 q4, q7, #8\n"
      "    vsri.32 q5, q4, #8\n"
      ".ifnc \\form, line\n" // q6 was a temporary
      "    vldrw.u32 q6, [r7, #32]\n"
      ".endif\n"
      "    ldr pc, [r7, #8]\n"
      ".thumb_func\n"
      "\\name\\()_clamp:\n"
      "    vldrw.u32 q4, [r7, #48]\n"
      "    vmax.s8 q5, q5, q4\n"
      "    vldrw.u32 q4, [r7, #64]\n"
      "    vmin.s8 q5, q5, q4\n"
      ".thumb_func\n"
      "\\name\\()_store:\n"
      "    vstrw.32 q5, [r11, q6]\n"
      "    adds r11, r11, #4\n"
      "    bne \\name\n"
      "    vpop {d8, d9, d10, d11, d12, d13, d14, d15}\n"
      "    pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}\n"
      ".size \\name, . - \\name\n"
      ".endm\n"

      "    tile_function shunt_mve_tile_line_short, line, 8\n"
      "    tile_function shunt_mve_tile_line_window, line, 0\n"
      "    tile_function shunt_mve_tile_line, line, -8\n"
      "    tile_function shunt_mve_tile_right_window, right, 0\n"
      "    tile_function shunt_mve_tile_right_short, right, 8\n"
      "    tile_function shunt_mve_tile_right, right, -8\n"
      "    tile_function shunt_mve_tile_exact, exact, -4\n"
      "    tile_function shunt_mve_tile_fast, fast, -4\n"
      ".popsection\n");

#define DECLARE_WINDOW(name)                                                                       \
    void name(void);                                                                               \
    void name##_clamp(void);                                                                       \
    void name##_store(void)

#define WINDOW_LABELS(name)                                                                        \
    { name, {name, name}, {name, name}, name##_clamp, name##_store }

#define DECLARE_TILE(name)                                                                         \
    void name(void);                                                                               \
    void name##_forward(void);                                                                     \
    void name##_forward_end(void);                                                                 \
    void name##_backward(void);                                                                    \
    void name##_backward_end(void);                                                                \
    void name##_clamp(void);                                                                       \
    void name##_store(void)

#define TILE_LABELS(name)                                                                          \
    {                                                                                              \
        name, {name##_forward, name##_backward}, {name##_forward_end, name##_backward_end},        \
            name##_clamp, name##_store                                                             \
    }

DECLARE_TILE(shunt_mve_tile_line_short);
DECLARE_TILE(shunt_mve_tile_line);
DECLARE_WINDOW(shunt_mve_tile_line_window);
DECLARE_WINDOW(shunt_mve_tile_right_window);
DECLARE_TILE(shunt_mve_tile_right_short);
DECLARE_TILE(shunt_mve_tile_right);
DECLARE_TILE(shunt_mve_tile_exact);
DECLARE_TILE(shunt_mve_tile_fast);

typedef struct labels {
    void (*start)(void);
    void (*loops[2])(void), (*ends[2])(void);
    void (*clamp)(void), (*store)(void);
} labels_t;

enum {
    BLOCK_CODE_BYTES = 14 * 4, ///< Of tile_block.
    LONG_PASS = 8,             ///< Blocks of a pass of lines and FORM_RIGHT.
    FORM_RIGHT = 3,            ///< SHUNT_REQUANTIZE_EXACT, no shift to the left.
    PASS = 4,
};

/// Whether no channel is shifted to the left, nor left where it is, unless it is 0.
static bool all_shift_right(const tile_t *tile) {
    const int32_t *record = tile->records;
    for (int32_t left = -tile->channels; left > 0; left--, record += SHUNT_MVE_RECORD_WORDS) {
        if (record[2] >= 0 && record[1] != 0) {
            return false;
        }
    }
    return true;
}

void SHUNT_TILE_PREPARE(tile_t *tile, uint32_t form, uint32_t blocks, int32_t min, int32_t max) {
    static const labels_t forms[] = {
        [SHUNT_REQUANTIZE_EXACT] = TILE_LABELS(shunt_mve_tile_exact),
        [SHUNT_REQUANTIZE_LINE] = TILE_LABELS(shunt_mve_tile_line),
        [SHUNT_REQUANTIZE_FAST] = TILE_LABELS(shunt_mve_tile_fast),
        [FORM_RIGHT] = TILE_LABELS(shunt_mve_tile_right),
    };
    // The usual ones, without counting passes of which there is one.
    static const labels_t line_short = TILE_LABELS(shunt_mve_tile_line_short);
    static const labels_t right_short = TILE_LABELS(shunt_mve_tile_right_short);
    if (form == SHUNT_REQUANTIZE_EXACT && all_shift_right(tile)) {
        form = FORM_RIGHT;
    }
    const uint32_t rest = blocks - 1;
    const bool is_short =
        rest <= LONG_PASS && (form == SHUNT_REQUANTIZE_LINE || form == FORM_RIGHT);
    static const labels_t line_window = WINDOW_LABELS(shunt_mve_tile_line_window);
    static const labels_t right_window = WINDOW_LABELS(shunt_mve_tile_right_window);
    const bool is_line = form == SHUNT_REQUANTIZE_LINE;
    const labels_t *labels = &forms[form];
    if (is_short && tile->is_window) {
        labels = is_line ? &line_window : &right_window;
    } else if (is_short) {
        labels = is_line ? &line_short : &right_short;
    }
    const uint32_t pass = form == SHUNT_REQUANTIZE_LINE || form == FORM_RIGHT ? LONG_PASS : PASS;
    const uint32_t passes = (rest + pass - 1) / pass;
    const uintptr_t skipped = (uintptr_t)(passes * pass - rest) * BLOCK_CODE_BYTES;
    tile->forward = (uintptr_t)(rest == 0 ? labels->ends[0] : labels->loops[0]) + skipped;
    tile->backward = (uintptr_t)(rest == 0 ? labels->ends[1] : labels->loops[1]) + skipped;
    tile->store = (uintptr_t)(min > INT8_MIN || max < INT8_MAX ? labels->clamp : labels->store);
    tile->passes = (int32_t)passes;
    tile->blocks = blocks;
    tile->start = (uintptr_t)labels->start;
    vst1q_s8(tile->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(tile->max, vdupq_n_s8((int8_t)max));
}

#else

static uint32_t multiply(const int8_t *columns, const int8_t *weights) {
    int32_t sum = 0;
    for (int32_t i = 0; i < SHUNT_MVE_BLOCK; i++) {
        sum += columns[i] * weights[i];
    }
    return (uint32_t)sum;
}

/// The sum of one pixel and channel `c` of a pair of tiles, whose weights start at `weights`.
static uint32_t sum_of(const tile_t *tile, const int8_t *columns, const int8_t *weights,
                       uint32_t c) {
    const bool is_backward = c >= TILE_CHANNELS / 2;
    weights += (size_t)(is_backward ? tile->blocks * 2 : 0) * SHUNT_MVE_BLOCK;
    weights += (size_t)(c % 2) * SHUNT_MVE_BLOCK;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < tile->blocks; i++) {
        const uint32_t block = is_backward ? tile->blocks - 1 - i : i;
        sum += multiply(columns + (size_t)block * TILE_PIXELS * SHUNT_MVE_BLOCK,
                        weights + (size_t)i * 2 * SHUNT_MVE_BLOCK);
    }
    return sum;
}

void SHUNT_TILE_COMPUTE(const tile_t *tile, const int8_t *columns) {
    const uint32_t channels = (uint32_t)-tile->channels;
    for (uint32_t channel = 0; channel < channels; channel++) {
        const uint32_t c = channel % TILE_CHANNELS;
        const int8_t *weights =
            tile->weights + (size_t)(channel - c) * tile->blocks * SHUNT_MVE_BLOCK;
        const int32_t *record = tile->records + (size_t)channel * SHUNT_MVE_RECORD_WORDS;
        for (uint32_t pixel = 0; pixel < TILE_PIXELS; pixel++) {
            const uint32_t sum =
                sum_of(tile, columns + (size_t)pixel * SHUNT_MVE_BLOCK, weights, c);
            const int32_t value = scale_record((int32_t)(sum + (uint32_t)record[0]), record[1],
                                               record[2], tile->form, tile->zero_point);
            *(tile->ends[pixel] - channels + channel) =
                (int8_t)limit(value, tile->min[0], tile->max[0]);
        }
    }
}

void SHUNT_TILE_PREPARE(tile_t *tile, uint32_t form, uint32_t blocks, int32_t min, int32_t max) {
    tile->form = form;
    tile->blocks = blocks;
    vst1q_s8(tile->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(tile->max, vdupq_n_s8((int8_t)max));
}

#endif

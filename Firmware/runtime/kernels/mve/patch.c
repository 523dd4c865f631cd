// SPDX-License-Identifier: Apache-2.0
#include "patch.h"

#include "intrinsics.h"
#include "scale.h"

#if defined(__ARM_FEATURE_MVE)

_Static_assert(offsetof(patch_t, start) == 28 && offsetof(patch_t, ends) == 32 &&
                   offsetof(patch_t, min) == 64 && offsetof(patch_t, max) == 80,
               "offsets of the assembly");

// r0 r2 r4 r6, r8 r10 r12 lr: sums of the pixels of both slots. r1, r9: patches of both slots. r3:
// weights. r5: records. r7: patch_t. r11: channels to go, negative. q0 ... q3: weights, patches.
// q4, q5 and q6, q7 take turns: sums of both slots, and outputs of the channels before, in the top
// bytes of each lane: the newest is the highest.
__asm(".syntax unified\n"
      ".thumb\n"
      ".pushsection .text.shunt_mve_patch, \"ax\", %progbits\n"
      ".balign 4\n"

      ".macro patch_sums_1 a, b\n"
      "    vldrb.u8 q1, [r3, #-4]\n"
      "    vldrb.u8 q2, [r3, #-1]\n"
      "    vldrw.u32 \\a, [r1], #16\n"
      "    vldrb.u8 q3, [r3, #-5]\n"
      "    vmladav.s8 r2, \\a, q1\n"
      "    vldrb.u8 q0, [r3], #16\n"
      "    vmladav.s8 r4, \\a, q2\n"
      "    vldrw.u32 \\b, [r9], #16\n"
      "    vmladav.s8 r6, \\a, q3\n"
      "    vmladav.s8 r0, \\a, q0\n"
      "    vmladav.s8 r10, \\b, q1\n"
      "    vmladav.s8 r12, \\b, q2\n"
      "    vmladav.s8 lr, \\b, q3\n"
      "    vmladav.s8 r8, \\b, q0\n"
      ".endm\n"

      ".macro patch_sums_2 a, b\n"
      "    vldrb.u8 q1, [r3, #-6]\n"
      "    vldrw.u32 q2, [r1, #256]\n"
      "    vldrw.u32 q3, [r1], #16\n"
      "    vmladav.s8 r6, q2, q1\n"
      "    vldrb.u8 q0, [r3], #16\n"
      "    vmladav.s8 r2, q3, q1\n"
      "    vldrw.u32 \\a, [r9, #256]\n"
      "    vmladav.s8 r4, q2, q0\n"
      "    vldrw.u32 \\b, [r9], #16\n"
      "    vmladav.s8 r0, q3, q0\n"
      "    vmladav.s8 lr, \\a, q1\n"
      "    vmladav.s8 r12, \\a, q0\n"
      "    vmladav.s8 r10, \\b, q1\n"
      "    vmladav.s8 r8, \\b, q0\n"
      ".endm\n"

      ".macro patch_scale_line sum\n"
      "    vadd.i32 \\sum, \\sum, r0\n"
      "    vqdmulh.s32 \\sum, \\sum, r2\n"
      "    vadd.i32 \\sum, \\sum, r4\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      // The shift is split into one to the left, r6, and one to the right, r8; r10: whether to the
      // right.
      ".macro patch_split_line\n"
      ".endm\n"

      ".macro patch_split_exact\n"
      "    usat r6, #5, r4\n"
      "    subs r8, r4, r6\n"
      "    lsr r10, r8, #31\n"
      "    ldr r12, [r7, #12]\n"
      ".endm\n"

      ".macro patch_split_fast\n"
      "    add r6, r4, #1\n"
      "    usat r6, #5, r6\n"
      "    subs r8, r4, r6\n"
      "    ldr r12, [r7, #12]\n"
      ".endm\n"

      ".macro patch_scale_exact sum\n"
      "    vadd.i32 \\sum, \\sum, r0\n"
      "    vshl.s32 \\sum, r6\n"
      "    vqrdmulh.s32 \\sum, \\sum, r2\n"
      "    vshr.s32 q0, \\sum, #31\n"
      "    vmla.s32 \\sum, q0, r10\n"
      "    vrshl.s32 \\sum, r8\n"
      "    vqadd.s32 \\sum, \\sum, r12\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      ".macro patch_scale_fast sum\n"
      "    vadd.i32 \\sum, \\sum, r0\n"
      "    vqshl.s32 \\sum, r6\n"
      "    vqdmulh.s32 \\sum, \\sum, r2\n"
      "    vrshl.s32 \\sum, r8\n"
      "    vqadd.s32 \\sum, \\sum, r12\n"
      "    vqshl.s32 \\sum, \\sum, #24\n"
      ".endm\n"

      // One channel; its outputs end up in a and b.
      ".macro patch_channel stride, form, a, b\n"
      "    patch_sums_\\stride \\a, \\b\n"
      "    vmov \\a[2], \\a[0], r0, r4\n"
      "    vmov \\a[3], \\a[1], r2, r6\n"
      "    vmov \\b[2], \\b[0], r8, r12\n"
      "    vmov \\b[3], \\b[1], r10, lr\n"
      "    ldm r5!, {r0, r2, r4}\n"
      "    patch_split_\\form\n"
      "    patch_scale_\\form \\a\n"
      "    patch_scale_\\form \\b\n"
      ".endm\n"

      // What the functions below have in common: they start at patch_t's `start`.
      ".globl shunt_patch_compute_mve\n"
      ".type shunt_patch_compute_mve, %function\n"
      ".thumb_func\n"
      "shunt_patch_compute_mve:\n"
      "    push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n"
      "    vpush {d8, d9, d10, d11, d12, d13, d14, d15}\n"
      "    mov r7, r0\n"
      "    ldrd r3, r5, [r7, #0]\n"
      "    ldr r11, [r7, #8]\n"
      "    ldrd r1, r9, [r7, #16]\n"
      "    ldr pc, [r7, #28]\n"
      ".size shunt_patch_compute_mve, . - shunt_patch_compute_mve\n"

      ".macro patch_function name, stride, form\n"
      ".type \\name, %function\n"
      ".thumb_func\n"
      "\\name:\n"
      "    patch_channel \\stride, \\form, q4, q5\n"
      "    patch_channel \\stride, \\form, q6, q7\n"
      "    vsri.32 q6, q4, #8\n"
      "    vsri.32 q7, q5, #8\n"
      "    patch_channel \\stride, \\form, q4, q5\n"
      "    vsri.32 q4, q6, #8\n"
      "    vsri.32 q5, q7, #8\n"
      "    patch_channel \\stride, \\form, q6, q7\n"
      "    vsri.32 q6, q4, #8\n"
      "    vsri.32 q7, q5, #8\n"
      "    vldrw.u32 q0, [r7, #32]\n"
      "    ldr pc, [r7, #24]\n"
      ".thumb_func\n"
      "\\name\\()_clamp:\n"
      "    vldrw.u32 q1, [r7, #64]\n"
      "    vmax.s8 q6, q6, q1\n"
      "    vmax.s8 q7, q7, q1\n"
      "    vldrw.u32 q1, [r7, #80]\n"
      "    vmin.s8 q6, q6, q1\n"
      "    vmin.s8 q7, q7, q1\n"
      ".thumb_func\n"
      "\\name\\()_store:\n"
      "    vstrw.32 q6, [r11, q0]\n"
      "    vldrw.u32 q0, [r7, #48]\n"
      "    vstrw.32 q7, [r11, q0]\n"
      "    adds r11, r11, #4\n"
      "    bne.w \\name\n"
      "    vpop {d8, d9, d10, d11, d12, d13, d14, d15}\n"
      "    pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}\n"
      ".size \\name, . - \\name\n"
      ".endm\n"

      "    patch_function shunt_mve_patch_1_line, 1, line\n"
      "    patch_function shunt_mve_patch_1_exact, 1, exact\n"
      "    patch_function shunt_mve_patch_1_fast, 1, fast\n"
      "    patch_function shunt_mve_patch_2_line, 2, line\n"
      "    patch_function shunt_mve_patch_2_exact, 2, exact\n"
      "    patch_function shunt_mve_patch_2_fast, 2, fast\n"
      ".popsection\n");

#define DECLARE_PATCH(name)                                                                        \
    void name(void);                                                                               \
    void name##_clamp(void);                                                                       \
    void name##_store(void)

DECLARE_PATCH(shunt_mve_patch_1_line);
DECLARE_PATCH(shunt_mve_patch_1_exact);
DECLARE_PATCH(shunt_mve_patch_1_fast);
DECLARE_PATCH(shunt_mve_patch_2_line);
DECLARE_PATCH(shunt_mve_patch_2_exact);
DECLARE_PATCH(shunt_mve_patch_2_fast);

typedef struct labels {
    void (*start)(void);
    void (*clamp)(void), (*store)(void);
} labels_t;

#define PATCH_LABELS(name)                                                                         \
    { name, name##_clamp, name##_store }

void SHUNT_PATCH_PREPARE(patch_t *patch, uint32_t form, uint32_t stride, int32_t min, int32_t max) {
    static const labels_t forms[2][3] = {
        {
            [SHUNT_REQUANTIZE_EXACT] = PATCH_LABELS(shunt_mve_patch_1_exact),
            [SHUNT_REQUANTIZE_LINE] = PATCH_LABELS(shunt_mve_patch_1_line),
            [SHUNT_REQUANTIZE_FAST] = PATCH_LABELS(shunt_mve_patch_1_fast),
        },
        {
            [SHUNT_REQUANTIZE_EXACT] = PATCH_LABELS(shunt_mve_patch_2_exact),
            [SHUNT_REQUANTIZE_LINE] = PATCH_LABELS(shunt_mve_patch_2_line),
            [SHUNT_REQUANTIZE_FAST] = PATCH_LABELS(shunt_mve_patch_2_fast),
        },
    };
    const labels_t *labels = &forms[stride - 1][form];
    patch->store = (uintptr_t)(min > INT8_MIN || max < INT8_MAX ? labels->clamp : labels->store);
    patch->start = (uintptr_t)labels->start;
    vst1q_s8(patch->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(patch->max, vdupq_n_s8((int8_t)max));
}

#else

/// By how many bytes the weights of a slot's pixels are moved.
static const int32_t moves[2][PATCH_LANES] = {{0, 4, 1, 5}, {0, 6, 0, 6}};

void SHUNT_PATCH_COMPUTE(const patch_t *patch) {
    const uint32_t stride = patch->stride;
    const int32_t channels = -patch->channels;
    for (int32_t channel = 0; channel < channels; channel++) {
        const int8_t *weights = patch->weights + (ptrdiff_t)channel * SHUNT_MVE_BLOCK;
        const int32_t *record = patch->records + (ptrdiff_t)channel * SHUNT_MVE_RECORD_WORDS;
        for (uint32_t i = 0; i < PATCH_SLOTS * PATCH_LANES; i++) {
            const uint32_t slot = i / PATCH_LANES, lane = i % PATCH_LANES;
            const int8_t *from = patch->slots[slot] + (ptrdiff_t)channel * SHUNT_MVE_BLOCK +
                                 (stride == 2 ? lane / 2 * PATCH_BYTES : 0);
            uint32_t sum = (uint32_t)record[0];
            for (int32_t k = 0; k < SHUNT_MVE_BLOCK; k++) {
                sum += (uint32_t)(from[k] * weights[k - moves[stride - 1][lane]]);
            }
            const int32_t value =
                scale_record((int32_t)sum, record[1], record[2], patch->form, patch->zero_point);
            *(patch->ends[slot][lane] - channels + channel) =
                (int8_t)limit(value, patch->min[0], patch->max[0]);
        }
    }
}

void SHUNT_PATCH_PREPARE(patch_t *patch, uint32_t form, uint32_t stride, int32_t min, int32_t max) {
    patch->form = form;
    patch->stride = stride;
    vst1q_s8(patch->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(patch->max, vdupq_n_s8((int8_t)max));
}

#endif

// SPDX-License-Identifier: Apache-2.0
#include "product.h"

#include "intrinsics.h"
#include "scale.h"

#if defined(__ARM_FEATURE_MVE)

_Static_assert(offsetof(product_t, min) == 32 && offsetof(product_t, max) == 48 &&
                   offsetof(product_t, start) == 64,
               "offsets of the assembly");

// r0 r2 r4 r6 r8 r10 r12 lr: sums of eight channels. r1: inputs. r3: weights. r5: records. r11:
// product_t. r9: passes to go. r7: outputs. q0: inputs. q1, q2, q3: weights, then sums of the even
// and of the odd channels. q4: zeros.
__asm(".syntax unified\n"
      ".thumb\n"
      ".pushsection .text.shunt_mve_product, \"ax\", %progbits\n"
      ".balign 4\n"

      // 17 instructions of 4 bytes each.
      ".macro product_block multiply\n"
      "    vldrw.u32 q0, [r1], #16\n"
      "    vldrw.u32 q1, [r3], #16\n"
      "    vldrw.u32 q2, [r3], #16\n"
      "    \\multiply r0, q0, q1\n"
      "    vldrw.u32 q3, [r3], #16\n"
      "    \\multiply r2, q0, q2\n"
      "    vldrw.u32 q1, [r3], #16\n"
      "    \\multiply r4, q0, q3\n"
      "    vldrw.u32 q2, [r3], #16\n"
      "    \\multiply r6, q0, q1\n"
      "    vldrw.u32 q3, [r3], #16\n"
      "    \\multiply r8, q0, q2\n"
      "    vldrw.u32 q1, [r3], #16\n"
      "    \\multiply r10, q0, q3\n"
      "    vldrw.u32 q2, [r3], #16\n"
      "    \\multiply r12, q0, q1\n"
      "    \\multiply lr, q0, q2\n"
      ".endm\n"

      // The sums of four channels become outputs; records are `at` bytes behind r5.
      ".macro product_scale_line sum, at\n"
      "    vldrw.u32 q3, [r5, #\\at]\n"
      "    vadd.i32 \\sum, \\sum, q3\n"
      "    vldrw.u32 q3, [r5, #\\at + 32]\n"
      "    vqdmulh.s32 \\sum, \\sum, q3\n"
      "    vldrw.u32 q3, [r5, #\\at + 64]\n"
      "    vadd.i32 \\sum, \\sum, q3\n"
      ".endm\n"

      ".macro product_scale_exact sum, at\n"
      "    vldrw.u32 q3, [r5, #\\at]\n"
      "    vadd.i32 \\sum, \\sum, q3\n"
      "    vldrw.u32 q3, [r5, #\\at + 64]\n"
      "    vmax.s32 q0, q3, q4\n"
      "    vshl.s32 \\sum, \\sum, q0\n"
      "    vsub.i32 q3, q3, q0\n"
      "    vldrw.u32 q0, [r5, #\\at + 32]\n"
      "    vqrdmulh.s32 \\sum, \\sum, q0\n"
      "    vand q0, \\sum, q3\n"
      "    vshr.s32 q0, q0, #31\n"
      "    vadd.i32 \\sum, \\sum, q0\n"
      "    vrshl.s32 \\sum, \\sum, q3\n"
      "    vqadd.s32 \\sum, \\sum, r0\n"
      ".endm\n"

      ".macro product_scale_fast sum, at\n"
      "    vldrw.u32 q3, [r5, #\\at]\n"
      "    vadd.i32 \\sum, \\sum, q3\n"
      "    vldrw.u32 q3, [r5, #\\at + 64]\n"
      "    vmov.i32 q0, #1\n"
      "    vadd.i32 q0, q0, q3\n"
      "    vmax.s32 q0, q0, q4\n"
      "    vqshl.s32 \\sum, \\sum, q0\n"
      "    vsub.i32 q3, q3, q0\n"
      "    vldrw.u32 q0, [r5, #\\at + 32]\n"
      "    vqdmulh.s32 \\sum, \\sum, q0\n"
      "    vrshl.s32 \\sum, \\sum, q3\n"
      "    vqadd.s32 \\sum, \\sum, r0\n"
      ".endm\n"

      // What the functions below have in common: they start at product_t's `start`.
      ".globl shunt_product_compute_mve\n"
      ".type shunt_product_compute_mve, %function\n"
      ".thumb_func\n"
      "shunt_product_compute_mve:\n"
      "    push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n"
      "    sub sp, sp, #12\n"
      "    vpush {d8, d9}\n"
      "    mov r11, r0\n"
      "    str r1, [sp, #16]\n"
      "    mov r7, r2\n"
      "    ldr r3, [r11, #12]\n"
      "    ldr r5, [r11, #16]\n"
      "    ldr r0, [r11, #20]\n"
      "    str r0, [sp, #20]\n"
      "    vmov.i32 q4, #0\n"
      "    ldr pc, [r11, #64]\n"
      ".size shunt_product_compute_mve, . - shunt_product_compute_mve\n"

      ".macro product_function name, form\n"
      ".type \\name, %function\n"
      ".thumb_func\n"
      "\\name:\n"
      "    product_block vmladav.s8\n"
      "    ldr r9, [r11, #8]\n"
      "    ldr pc, [r11, #0]\n"
      ".thumb_func\n"
      "\\name\\()_loop:\n"
      ".rept 8\n"
      "    product_block vmladava.s8\n"
      ".endr\n"
      "    subs r9, r9, #1\n"
      "    bgt \\name\\()_loop\n"
      ".thumb_func\n"
      "\\name\\()_end:\n"
      "    vmov q1[2], q1[0], r0, r8\n"
      "    vmov q1[3], q1[1], r4, r12\n"
      "    vmov q2[2], q2[0], r2, r10\n"
      "    vmov q2[3], q2[1], r6, lr\n"
      ".ifnc \\form, line\n"
      "    ldr r0, [r11, #24]\n"
      ".endif\n"
      "    product_scale_\\form q1, 0\n"
      "    product_scale_\\form q2, 16\n"
      "    adds r5, r5, #96\n"
      "    vqmovnb.s32 q1, q1\n"
      "    vqmovnt.s32 q1, q2\n"
      "    vqmovnb.s16 q1, q1\n"
      "    ldr pc, [r11, #4]\n"
      ".thumb_func\n"
      "\\name\\()_clamp:\n"
      "    vldrw.u32 q2, [r11, #32]\n"
      "    vmax.s8 q1, q1, q2\n"
      "    vldrw.u32 q2, [r11, #48]\n"
      "    vmin.s8 q1, q1, q2\n"
      ".thumb_func\n"
      "\\name\\()_store:\n"
      "    vstrb.16 q1, [r7], #8\n"
      "    ldrd r1, r0, [sp, #16]\n"
      "    subs r0, r0, #1\n"
      "    str r0, [sp, #20]\n"
      "    bne \\name\n"
      "    vpop {d8, d9}\n"
      "    add sp, sp, #12\n"
      "    pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}\n"
      ".size \\name, . - \\name\n"
      ".endm\n"

      "    product_function shunt_mve_product_line, line\n"
      "    product_function shunt_mve_product_exact, exact\n"
      "    product_function shunt_mve_product_fast, fast\n"
      ".popsection\n");

#define DECLARE_PRODUCT(name)                                                                      \
    void name(void);                                                                               \
    void name##_loop(void);                                                                        \
    void name##_end(void);                                                                         \
    void name##_clamp(void);                                                                       \
    void name##_store(void)

#define PRODUCT_LABELS(name)                                                                       \
    { name, name##_loop, name##_end, name##_clamp, name##_store }

DECLARE_PRODUCT(shunt_mve_product_line);
DECLARE_PRODUCT(shunt_mve_product_exact);
DECLARE_PRODUCT(shunt_mve_product_fast);

typedef struct labels {
    void (*start)(void);
    void (*loop)(void), (*end)(void), (*clamp)(void), (*store)(void);
} labels_t;

enum {
    BLOCK_CODE_BYTES = 17 * 4, ///< Of product_block.
    PASS_BLOCKS = 8
};

void SHUNT_PRODUCT_PREPARE(product_t *product, uint32_t form, uint32_t blocks, int32_t min,
                           int32_t max) {
    static const labels_t forms[] = {
        [SHUNT_REQUANTIZE_EXACT] = PRODUCT_LABELS(shunt_mve_product_exact),
        [SHUNT_REQUANTIZE_LINE] = PRODUCT_LABELS(shunt_mve_product_line),
        [SHUNT_REQUANTIZE_FAST] = PRODUCT_LABELS(shunt_mve_product_fast),
    };
    const labels_t *labels = &forms[form];
    const uint32_t rest = blocks - 1;
    const uint32_t passes = (rest + PASS_BLOCKS - 1) / PASS_BLOCKS;
    const uintptr_t skipped = (uintptr_t)(passes * PASS_BLOCKS - rest) * BLOCK_CODE_BYTES;
    product->loop = (uintptr_t)(rest == 0 ? labels->end : labels->loop) + skipped;
    product->store = (uintptr_t)(min > INT8_MIN || max < INT8_MAX ? labels->clamp : labels->store);
    product->passes = (int32_t)passes;
    product->blocks = blocks;
    product->start = (uintptr_t)labels->start;
    vst1q_s8(product->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(product->max, vdupq_n_s8((int8_t)max));
}

#else

void SHUNT_PRODUCT_COMPUTE(const product_t *product, const int8_t *in, int8_t *out) {
    for (uint32_t channel = 0; channel < (uint32_t)product->groups * SHUNT_MVE_OCTET; channel++) {
        const uint32_t i = channel % SHUNT_MVE_OCTET;
        const int8_t *weights = product->weights +
                                (size_t)(channel - i) * product->blocks * SHUNT_MVE_BLOCK +
                                (size_t)i * SHUNT_MVE_BLOCK;
        const int32_t *record = product->records + (size_t)(channel - i) * SHUNT_MVE_RECORD_WORDS +
                                shunt_mve_octet_place(i);
        uint32_t sum = (uint32_t)record[0];
        for (uint32_t block = 0; block < product->blocks; block++) {
            for (uint32_t k = 0; k < SHUNT_MVE_BLOCK; k++) {
                sum += (uint32_t)(in[block * SHUNT_MVE_BLOCK + k] * weights[k]);
            }
            weights += SHUNT_MVE_OCTET * SHUNT_MVE_BLOCK;
        }
        const int32_t value =
            scale_record((int32_t)sum, record[SHUNT_MVE_OCTET], record[2 * SHUNT_MVE_OCTET],
                         product->form, product->zero_point);
        out[channel] = (int8_t)limit(value, product->min[0], product->max[0]);
    }
}

void SHUNT_PRODUCT_PREPARE(product_t *product, uint32_t form, uint32_t blocks, int32_t min,
                           int32_t max) {
    product->form = form;
    product->blocks = blocks;
    vst1q_s8(product->min, vdupq_n_s8((int8_t)min));
    vst1q_s8(product->max, vdupq_n_s8((int8_t)max));
}

#endif

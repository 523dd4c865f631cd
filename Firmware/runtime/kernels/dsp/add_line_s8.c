// SPDX-License-Identifier: Apache-2.0
#include "clamp.h"
#include "intrinsics.h"
#include "shunt_kernel_checks.h"

/// The line, for registers: outputs could overwrite parameters, for all that compilers know.
typedef struct line {
    uint32_t slope_a, slope_b, offset;
    uint32_t upper_bytes; ///< Of halves: 0xff00ff00.
} line_t;

/// The outputs of four pairs of elements.
static inline uint32_t add_four(line_t line, uint32_t a, uint32_t b) {
    // Halves that hold 2^8 times an element: the 16 bits that SMLAW drops are those 8, and 8 more.
    const uint32_t upper_bytes = line.upper_bytes;
    const uint32_t even_a = a << 8 & upper_bytes, even_b = b << 8 & upper_bytes;
    const uint32_t odd_a = a & upper_bytes, odd_b = b & upper_bytes;
    const uint32_t sum0 = smlawb(line.slope_b, even_b, smlawb(line.slope_a, even_a, line.offset));
    const uint32_t sum1 = smlawb(line.slope_b, odd_b, smlawb(line.slope_a, odd_a, line.offset));
    const uint32_t sum2 = smlawt(line.slope_b, even_b, smlawt(line.slope_a, even_a, line.offset));
    const uint32_t sum3 = smlawt(line.slope_b, odd_b, smlawt(line.slope_a, odd_a, line.offset));
    return join_bytes(ssat8_asr20(sum0), ssat8_asr20(sum1), ssat8_asr20(sum2), ssat8_asr20(sum3));
}

static shunt_status_t check(const shunt_call_t *call) {
    return shunt_check_dense_add_line(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    const shunt_add_line_params_t *p = call->params;
    const line_t line = {(uint32_t)p->multiplier[0], (uint32_t)p->multiplier[1],
                         (uint32_t)p->offset, in_register(0xff00ff00u)};
    const int8_t *a = shunt_operand_in(call, 0);
    const int8_t *b = shunt_operand_in(call, 1);
    int8_t *out = shunt_operand_out(call, 0);
    const size_t count = shunt_operand(call, 2)->bytes;
    const int8_t *end = a + count / 4 * 4;
    for (; a != end; a += 4, b += 4, out += 4) {
        store_word(out, add_four(line, load_word(a), load_word(b)));
    }
    for (size_t i = 0; i < count % 4; i++) {
        out[i] = (int8_t)(add_four(line, (uint8_t)a[i], (uint8_t)b[i]) & UINT8_MAX);
    }
    SHUNT_CLAMP_ELEMENTS(shunt_operand_out(call, 0), count, p->clamp_min, p->clamp_max);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_line_s8) = {
    .id = SHUNT_KERNEL_ADD_LINE_S8,
    .set = SHUNT_SET_DSP,
    .version = 1,
    .name = "add_line_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"

#include "shunt_kernel_checks.h"

requantization_t SHUNT_NEON_REQUANTIZATION(const shunt_call_t *call,
                                           const shunt_neon_record_t *records, uint64_t quads,
                                           int32_t zero_point, int32_t min, int32_t max) {
    requantization_t r = {.scaling = SCALING_LINE,
                          .zero_point = (int16_t)zero_point,
                          .clamps = min > INT8_MIN || max < INT8_MAX,
                          .min = (int8_t)min,
                          .max = (int8_t)max};
    if (call->step->flags == SHUNT_REQUANTIZE_FAST) {
        r.scaling = SCALING_FAST;
    } else if (call->step->flags == SHUNT_REQUANTIZE_EXACT) {
        int32x4_t largest = vdupq_n_s32(INT32_MIN);
        for (uint64_t i = 0; i < quads; i++) {
            largest = vmaxq_s32(largest, vld1q_s32(records[i].shift));
        }
        r.scaling = vmaxvq_s32(largest) < 0 ? SCALING_RIGHT : SCALING_EXACT;
    }
    return r;
}

bool SHUNT_NEON_RECORDS_VALID(const shunt_call_t *call, uint32_t offset, uint64_t quads) {
    if (!shunt_constants_valid(call, offset, quads * sizeof(shunt_neon_record_t))) {
        return false;
    }
    const shunt_neon_record_t *records = shunt_constants(call, offset);
    const bool is_line = call->step->flags == SHUNT_REQUANTIZE_LINE;
    for (uint64_t i = 0; i < quads; i++) {
        for (uint32_t c = 0; c < SHUNT_NEON_QUAD; c++) {
            const int32_t multiplier = records[i].multiplier[c];
            if (is_line ? multiplier < 0 || multiplier >= 1 << 30
                        : !shunt_check_scale(multiplier, records[i].shift[c], -31, 30)) {
                return false;
            }
        }
    }
    return true;
}

// SPDX-License-Identifier: Apache-2.0
#include "lstm.h"

#include "scale_s16.h"

static int32_t multiply(const shunt_call_t *call, const shunt_lstm_sum_t *sum, uint32_t unit,
                        const void *in, uint32_t columns) {
    const int8_t *w = (const int8_t *)shunt_constants(call, sum->weights) + (size_t)unit * columns;
    const int64_t *biases = shunt_constants(call, sum->biases);
    const int64_t acc = (sum->biases != 0 ? biases[unit] : 0) + dot_s16(in, w, columns);
    return clamp_wide(scale_wide(acc, sum->multiplier, sum->shift), INT16_MIN, INT16_MAX);
}

static bool biases_valid(const shunt_call_t *call, uint32_t offset, uint32_t units) {
    if (!shunt_constants_valid(call, offset, (uint64_t)units * sizeof(int64_t))) {
        return false;
    }
    const int64_t *biases = shunt_constants(call, offset);
    for (uint32_t i = 0; i < units; i++) {
        if (!wide_bias_valid(biases[i])) {
            return false;
        }
    }
    return true;
}

static bool sum_valid(const shunt_call_t *call, const shunt_lstm_sum_t *sum, uint32_t units,
                      uint32_t columns) {
    return shunt_constants_valid(call, sum->weights, (uint64_t)units * columns) &&
           columns <= MAX_TERMS && (sum->biases == 0 || biases_valid(call, sum->biases, units)) &&
           wide_scale_valid(sum->multiplier, sum->shift);
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_CHECK_LSTM(call, SHUNT_TYPE_S16, sum_valid) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_RUN_LSTM(call, multiply);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(lstm_s16) = {
    .id = SHUNT_KERNEL_LSTM_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "lstm_s16",
    .check = check,
    .run = run,
};

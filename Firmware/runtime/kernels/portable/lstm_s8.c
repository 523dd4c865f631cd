// SPDX-License-Identifier: Apache-2.0
#include "lstm.h"

#include "requantize.h"
#include "shunt_kernel_checks.h"

static int32_t multiply(const shunt_call_t *call, const shunt_lstm_sum_t *sum, uint32_t unit,
                        const void *in, uint32_t columns) {
    const int8_t *x = in;
    const int8_t *w = (const int8_t *)shunt_constants(call, sum->weights) + (size_t)unit * columns;
    const uint32_t *biases = shunt_constants(call, sum->biases);
    uint32_t acc = sum->biases != 0 ? biases[unit] : 0;
    for (uint32_t i = 0; i < columns; i++) {
        acc += (uint32_t)(x[i] * w[i]);
    }
    return clamp(scale_value((int32_t)acc, sum->multiplier, sum->shift), INT16_MIN, INT16_MAX);
}

static bool sum_valid(const shunt_call_t *call, const shunt_lstm_sum_t *sum, uint32_t units,
                      uint32_t columns) {
    return shunt_constants_valid(call, sum->weights, (uint64_t)units * columns) &&
           (sum->biases == 0 ||
            shunt_constants_valid(call, sum->biases, (uint64_t)units * sizeof(int32_t))) &&
           shunt_check_scale(sum->multiplier, sum->shift, -31, 30);
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_CHECK_LSTM(call, SHUNT_TYPE_S8, sum_valid) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    SHUNT_RUN_LSTM(call, multiply);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(lstm_s8) = {
    .id = SHUNT_KERNEL_LSTM_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "lstm_s8",
    .check = check,
    .run = run,
};

// SPDX-License-Identifier: Apache-2.0
#include "softmax.h"

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_SOFTMAX_CHECK(call, SHUNT_TYPE_S16, 16);
}

static void run(const shunt_call_t *call) {
    SHUNT_SOFTMAX_RUN(call, 16);
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(softmax_s8_s16) = {
    .id = SHUNT_KERNEL_SOFTMAX_S8_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "softmax_s8_s16",
    .check = check,
    .run = run,
};

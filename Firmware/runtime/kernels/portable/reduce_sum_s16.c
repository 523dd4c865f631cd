// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define REDUCE_ELEMENT int16_t
#define REDUCE_TYPE SHUNT_TYPE_S16
#define REDUCE_LOWEST INT16_MIN
#define REDUCE_HIGHEST INT16_MAX

#include "reduce_sum_kernel.h"

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(reduce_sum_s16) = {
    .id = SHUNT_KERNEL_REDUCE_SUM_S16,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "reduce_sum_s16",
    .check = check,
    .run = run,
};

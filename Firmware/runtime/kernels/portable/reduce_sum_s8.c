// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define REDUCE_ELEMENT int8_t
#define REDUCE_TYPE SHUNT_TYPE_S8
#define REDUCE_LOWEST INT8_MIN
#define REDUCE_HIGHEST INT8_MAX

#include "reduce_sum_kernel.h"

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(reduce_sum_s8) = {
    .id = SHUNT_KERNEL_REDUCE_SUM_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "reduce_sum_s8",
    .check = check,
    .run = run,
};

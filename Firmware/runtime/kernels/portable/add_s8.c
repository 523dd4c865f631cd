// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define SUM_ELEMENT int8_t
#define SUM_TYPE SHUNT_TYPE_S8
// 8 bits and a sign, shifted by 20: a sum of two has at most 29 bits.
#define SUM_MAX_LEFT_SHIFT 20

static int32_t combine(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

#include "sum_kernel.h"

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(add_s8) = {
    .id = SHUNT_KERNEL_ADD_S8,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "add_s8",
    .check = check,
    .run = run,
};

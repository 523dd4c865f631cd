// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define SUM_KERNEL sub_s8
#define SUM_KERNEL_ID SHUNT_KERNEL_SUB_S8
#define SUM_ELEMENT int8_t
#define SUM_TYPE SHUNT_TYPE_S8
// 8 bits and a sign, shifted by 20: a difference of two has at most 29 bits.
#define SUM_MAX_LEFT_SHIFT 20

static int32_t combine(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

#include "sum_kernel.h"

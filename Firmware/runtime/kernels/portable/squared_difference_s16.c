// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define SUM_KERNEL squared_difference_s16
#define SUM_KERNEL_ID SHUNT_KERNEL_SQUARED_DIFFERENCE_S16
#define SUM_ELEMENT int16_t
#define SUM_TYPE SHUNT_TYPE_S16
// A scaled difference has 15 bits and a sign, so that its square fits.
#define SUM_MAX_LEFT_SHIFT 0

static int32_t combine(int32_t a, int32_t b) {
    const uint32_t difference = (uint32_t)a - (uint32_t)b;
    return (int32_t)(difference * difference);
}

#include "sum_kernel.h"

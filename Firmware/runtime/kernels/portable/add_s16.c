// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define SUM_KERNEL add_s16
#define SUM_KERNEL_ID SHUNT_KERNEL_ADD_S16
#define SUM_ELEMENT int16_t
#define SUM_TYPE SHUNT_TYPE_S16
// A difference to the zero point has 16 bits and a sign: 15 more just fit.
#define SUM_MAX_LEFT_SHIFT 15

static int32_t combine(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

#include "sum_kernel.h"

// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define REDUCE_KERNEL reduce_sum_s16
#define REDUCE_KERNEL_ID SHUNT_KERNEL_REDUCE_SUM_S16
#define REDUCE_ELEMENT int16_t
#define REDUCE_TYPE SHUNT_TYPE_S16
#define REDUCE_LOWEST INT16_MIN
#define REDUCE_HIGHEST INT16_MAX

#include "reduce_sum_kernel.h"

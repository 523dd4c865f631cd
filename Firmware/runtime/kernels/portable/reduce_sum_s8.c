// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>

#define REDUCE_KERNEL reduce_sum_s8
#define REDUCE_KERNEL_ID SHUNT_KERNEL_REDUCE_SUM_S8
#define REDUCE_ELEMENT int8_t
#define REDUCE_TYPE SHUNT_TYPE_S8
#define REDUCE_LOWEST INT8_MIN
#define REDUCE_HIGHEST INT8_MAX

#include "reduce_sum_kernel.h"

// SPDX-License-Identifier: Apache-2.0
//
// What mul and div kernels have in common.
#ifndef SHUNT_PORTABLE_PRODUCT_H
#define SHUNT_PORTABLE_PRODUCT_H

#include "broadcast.h"
#include "elements.h"
#include "shunt_params.h"

#define SHUNT_PRODUCT_VALID SHUNT_KERNEL_SYMBOL(product_valid)

/// Whether a step with shunt_mul_params_t on three operands of `type` is legal; the shift is at
/// most `max_shift`.
bool SHUNT_PRODUCT_VALID(const shunt_call_t *call, uint32_t type, int32_t max_shift);

#endif

// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_DSP_CLAMP_H
#define SHUNT_DSP_CLAMP_H

#include <stddef.h>

#include "shunt_kernel.h"

#define SHUNT_CLAMP_ELEMENTS SHUNT_KERNEL_SYMBOL(clamp_elements)

/// Brings int8 elements into min ... max, for kernels whose loops know the bounds of the type only.
/// Nothing happens if those are the bounds.
void SHUNT_CLAMP_ELEMENTS(int8_t *elements, size_t count, int32_t min, int32_t max);

#endif

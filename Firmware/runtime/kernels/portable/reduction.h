// SPDX-License-Identifier: Apache-2.0
//
// The walk over a reduction's input, shared by its kernels.
#ifndef SHUNT_PORTABLE_REDUCTION_H
#define SHUNT_PORTABLE_REDUCTION_H

#include "shunt_kernel_checks.h"

/// Makes output `index` of the elements that begin with number `first` of the input.
typedef void (*reduce_element_t)(const shunt_call_t *call, uint32_t first, uint32_t index);

#define SHUNT_REDUCTION_CHECK SHUNT_KERNEL_SYMBOL(reduction_check)
#define SHUNT_REDUCTION_RUN SHUNT_KERNEL_SYMBOL(reduction_run)

/// Whether the loops stay inside an input of `input_elements` and fill `output_elements`; all sizes
/// that they multiply then fit a uint32_t.
bool SHUNT_REDUCTION_CHECK(const shunt_reduction_t *reduction, uint64_t input_elements,
                           uint64_t output_elements);

/// Calls `reduce` for every output, in order.
void SHUNT_REDUCTION_RUN(const shunt_call_t *call, const shunt_reduction_t *reduction,
                         reduce_element_t reduce);

#endif

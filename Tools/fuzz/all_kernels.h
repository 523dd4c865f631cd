// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_FUZZ_ALL_KERNELS_H
#define SHUNT_FUZZ_ALL_KERNELS_H

#include "shunt_kernel.h"

/// The kernels of all sets; those of other cores compute over emulated instructions.
const shunt_kernel_table_t *all_kernels(void);

#endif

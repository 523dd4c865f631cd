// SPDX-License-Identifier: Apache-2.0
//
// The kernel set for Advanced SIMD of AArch64, with or without dot product: what the compiler is
// told of the core decides, the layouts are the same (shunt_layout_neon.h). Elsewhere the same
// kernels run in plain C.
#ifndef SHUNT_KERNELS_NEON_H
#define SHUNT_KERNELS_NEON_H

#include "shunt_kernel.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const shunt_kernel_t shunt_conv2d_s8_neon;
extern const shunt_kernel_t shunt_depthwise_conv2d_s8_neon;
extern const shunt_kernel_t shunt_fully_connected_s8_neon;
extern const shunt_kernel_t shunt_add_line_s8_neon;
extern const shunt_kernel_t shunt_average_pool2d_s8_neon;
extern const shunt_kernel_t shunt_max_pool2d_s8_neon;

/// All kernels of the set.
extern const shunt_kernel_table_t shunt_kernels_neon;

#ifdef __cplusplus
}
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
//
// The kernels for cores with the M-profile vector extension (Helium): Cortex-M55. They agree with
// the portable set bit for bit; what differs is how weights, channel records and scratch are
// arranged (shunt_layout_mve.h). What this set lacks comes from `portable`.
#ifndef SHUNT_KERNELS_MVE_H
#define SHUNT_KERNELS_MVE_H

#include "shunt_kernel.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const shunt_kernel_t shunt_conv2d_s8_mve;
extern const shunt_kernel_t shunt_depthwise_conv2d_s8_mve;
extern const shunt_kernel_t shunt_fully_connected_s8_mve;
extern const shunt_kernel_t shunt_add_line_s8_mve;
extern const shunt_kernel_t shunt_average_pool2d_s8_mve;
extern const shunt_kernel_t shunt_max_pool2d_s8_mve;

/// All kernels of the set.
extern const shunt_kernel_table_t shunt_kernels_mve;

#ifdef __cplusplus
}
#endif
#endif

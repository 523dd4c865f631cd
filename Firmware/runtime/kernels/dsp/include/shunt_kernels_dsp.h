// SPDX-License-Identifier: Apache-2.0
//
// The kernels for cores with Armv7E-M's or Armv8-M Mainline's DSP instructions: Cortex-M4, M7, M33.
// They agree with the portable set bit for bit; what differs is how weights, channel records and
// scratch are arranged (shunt_layout_dsp.h). What this set lacks comes from `portable`.
#ifndef SHUNT_KERNELS_DSP_H
#define SHUNT_KERNELS_DSP_H

#include "shunt_kernel.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const shunt_kernel_t shunt_conv2d_s8_dsp;
extern const shunt_kernel_t shunt_depthwise_conv2d_s8_dsp;
extern const shunt_kernel_t shunt_fully_connected_s8_dsp;
extern const shunt_kernel_t shunt_add_line_s8_dsp;
extern const shunt_kernel_t shunt_average_pool2d_s8_dsp;
extern const shunt_kernel_t shunt_max_pool2d_s8_dsp;
extern const shunt_kernel_t shunt_conv2d_s4_dsp;
extern const shunt_kernel_t shunt_fully_connected_s4_dsp;

/// All kernels of the set.
extern const shunt_kernel_table_t shunt_kernels_dsp;

#ifdef __cplusplus
}
#endif
#endif

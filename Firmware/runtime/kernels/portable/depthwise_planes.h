// SPDX-License-Identifier: Apache-2.0
//
// depthwise_conv2d_s8 with scratch: channel by channel.
#ifndef SHUNT_PORTABLE_DEPTHWISE_PLANES_H
#define SHUNT_PORTABLE_DEPTHWISE_PLANES_H

#include "shunt_kernel.h"

#define SHUNT_RUN_DEPTHWISE_PLANES SHUNT_KERNEL_SYMBOL(run_depthwise_planes)

/// Runs a step of depthwise_conv2d_s8 that has shunt_portable_depthwise_scratch bytes of scratch.
/// The output may lie exactly over the input if shunt_portable_depthwise_in_place allows it.
void SHUNT_RUN_DEPTHWISE_PLANES(const shunt_call_t *call);

#endif

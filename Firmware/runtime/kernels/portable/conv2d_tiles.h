// SPDX-License-Identifier: Apache-2.0
//
// conv2d_s8 with scratch: several pixels at a time.
#ifndef SHUNT_PORTABLE_CONV2D_TILES_H
#define SHUNT_PORTABLE_CONV2D_TILES_H

#include "shunt_kernel.h"

#define SHUNT_RUN_CONV2D_TILES SHUNT_KERNEL_SYMBOL(run_conv2d_tiles)

/// Runs a step of conv2d_s8 that has shunt_portable_conv2d_scratch bytes of scratch. All that a
/// pixel reads is read before any byte of it is written.
void SHUNT_RUN_CONV2D_TILES(const shunt_call_t *call);

#endif

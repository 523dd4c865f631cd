// SPDX-License-Identifier: Apache-2.0
//
// The MVE instructions that the set's C code uses, by their ACLE names: those of the compiler where
// it has them, elsewhere the same in plain C, tested against them one by one.
#ifndef SHUNT_MVE_INTRINSICS_H
#define SHUNT_MVE_INTRINSICS_H

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#else
#include "emulation.h"
#endif

#endif

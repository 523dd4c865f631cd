// SPDX-License-Identifier: Apache-2.0
//
// Advanced SIMD: the compiler's intrinsics on AArch64, elsewhere the same in plain C (libsimde-dev),
// so that these kernels run on any machine that builds them.
#ifndef SHUNT_NEON_INTRINSICS_H
#define SHUNT_NEON_INTRINSICS_H

#ifdef __aarch64__
#include <arm_neon.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>
#endif

/// Stores four bytes, a vector's lane, at any address.
#ifdef __aarch64__
#define store_word(out, words, lane) vst1q_lane_s32((int32_t *)(void *)(out), words, lane)
#else
#define store_word(out, words, lane)                                                               \
    __builtin_memcpy(out, &(int32_t){vgetq_lane_s32(words, lane)}, 4)
#endif

/// 1 on cores with dot product. May be set to test that code on a machine without.
#ifndef SHUNT_NEON_DOT
#ifdef __ARM_FEATURE_DOTPROD
#define SHUNT_NEON_DOT 1
#else
#define SHUNT_NEON_DOT 0
#endif
#endif

#endif

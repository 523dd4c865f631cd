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

// Theirs shifts negative numbers to the left, which C does not define. One factor is never -2^31.
#undef vqdmulhq_s32
#define vqdmulhq_s32 shunt_neon_vqdmulhq_s32
static inline int32x4_t shunt_neon_vqdmulhq_s32(int32x4_t a, int32x4_t b) {
    int32_t x[4], y[4];
    vst1q_s32(x, a);
    vst1q_s32(y, b);
    for (int i = 0; i < 4; i++) {
        x[i] = (int32_t)((int64_t)x[i] * y[i] >> 31);
    }
    return vld1q_s32(x);
}
#endif

/// A function that is specialized where it is called: vectors stay in registers.
#define INLINE static inline __attribute__((always_inline))

/// Stores four bytes, a vector's lane, at any address, and moves the pointer behind them.
#ifdef __aarch64__
#define store_word(out, words, lane)                                                               \
    __asm__("st1 {%1.s}[" #lane "], [%0], #4" : "+r"(out) : "w"(words) : "memory")
#else
#define store_word(out, words, lane)                                                               \
    (__builtin_memcpy(out, &(int32_t){vgetq_lane_s32(words, lane)}, 4), (out) += 4)
#endif

/// Copies 64 bytes.
#ifdef __aarch64__
INLINE void copy_64(int8_t *out, const int8_t *in) {
    vst1q_s8_x4(out, vld1q_s8_x4(in));
}
#else
INLINE void copy_64(int8_t *out, const int8_t *in) {
    __builtin_memmove(out, in, 64);
}
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

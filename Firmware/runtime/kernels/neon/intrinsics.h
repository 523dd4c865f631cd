// SPDX-License-Identifier: Apache-2.0
//
// Advanced SIMD: the compiler's intrinsics on AArch64, elsewhere the same in plain C
// (libsimde-dev), so that these kernels run on any machine that builds them.
#ifndef SHUNT_NEON_INTRINSICS_H
#define SHUNT_NEON_INTRINSICS_H

#include <stddef.h>

#ifdef __aarch64__
#include <arm_neon.h>
#else
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpass-failed" // its loops that ask in vain to be vectorized
#endif
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>

// Theirs shift negative numbers to the left, which C does not define. `half` is 0 or 2^30; one
// factor is never -2^31.
static inline int32x4_t shunt_neon_doubled_high(int32x4_t a, int32x4_t b, int64_t half) {
    int32_t x[4], y[4];
    vst1q_s32(x, a);
    vst1q_s32(y, b);
    for (int i = 0; i < 4; i++) {
        x[i] = (int32_t)(((int64_t)x[i] * y[i] + half) >> 31);
    }
    return vld1q_s32(x);
}

// Rounding shifts to the right by 0 ... 63.
static inline int64_t shunt_neon_rounding_shift(int64_t value, int32_t right) {
    return right == 0 ? value : ((value >> (right - 1)) + 1) >> 1;
}

static inline int32x4_t shunt_neon_vrshlq_s32(int32x4_t values, int32x4_t shifts) {
    int32_t x[4], n[4];
    vst1q_s32(x, values);
    vst1q_s32(n, shifts);
    for (int i = 0; i < 4; i++) {
        x[i] = (int32_t)shunt_neon_rounding_shift(x[i], -n[i]);
    }
    return vld1q_s32(x);
}

static inline int64x2_t shunt_neon_vrshlq_s64(int64x2_t values, int64x2_t shifts) {
    int64_t x[2], n[2];
    vst1q_s64(x, values);
    vst1q_s64(n, shifts);
    for (int i = 0; i < 2; i++) {
        x[i] = shunt_neon_rounding_shift(x[i], (int32_t)-n[i]);
    }
    return vld1q_s64(x);
}

// What Debian's edition lacks.
#ifndef vaddhn_high_s32
#define vaddhn_high_s32(low, a, b) vcombine_s16(low, vaddhn_s32(a, b))
#endif
#ifndef vqshrn_n_s16
#define vqshrn_n_s16(values, bits) vqmovn_s16(vshrq_n_s16(values, bits))
#endif
#ifndef vqshrn_high_n_s16
#define vqshrn_high_n_s16(low, values, bits) vqmovn_high_s16(low, vshrq_n_s16(values, bits))
#endif

#undef vrshlq_s32
#undef vrshlq_s64
#define vrshlq_s32(values, shifts) shunt_neon_vrshlq_s32(values, shifts)
#define vrshlq_s64(values, shifts) shunt_neon_vrshlq_s64(values, shifts)
#undef vqdmulhq_s32
#undef vqrdmulhq_s32
#define vqdmulhq_s32(a, b) shunt_neon_doubled_high(a, b, 0)
#define vqrdmulhq_s32(a, b) shunt_neon_doubled_high(a, b, 1 << 30)
#endif

/// A function that is specialized where it is called: vectors stay in registers.
#define INLINE static inline __attribute__((always_inline))
/// A function whose variables must not add to its caller's.
#define NOINLINE __attribute__((noinline))

/// Stores four bytes, a vector's lane, at any address, and moves the pointer behind them.
#ifdef __aarch64__
#define store_word(out, words, lane)                                                               \
    __asm__ volatile("st1 {%1.s}[" #lane "], [%0], #4" : "+r"(out) : "w"(words) : "memory")
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

/// Copies so many bytes, and reads and writes no others.
static inline void copy_exactly(const int8_t *in, size_t count, int8_t *out) {
    size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        copy_64(out + i, in + i);
    }
    for (; i + 16 <= count; i += 16) {
        vst1q_s8(out + i, vld1q_s8(in + i));
    }
    for (; i < count; i++) {
        out[i] = in[i];
    }
}

/// 1 on cores with dot product. May be set to test that code on a machine without.
#ifndef SHUNT_NEON_DOT
#ifdef __ARM_FEATURE_DOTPROD
#define SHUNT_NEON_DOT 1
#else
#define SHUNT_NEON_DOT 0
#endif
#endif

#endif

// SPDX-License-Identifier: Apache-2.0
//
// The MVE intrinsics of intrinsics.h in plain C, lane by lane.
#ifndef SHUNT_MVE_EMULATION_H
#define SHUNT_MVE_EMULATION_H

#include <stdint.h>
#include <string.h>

typedef struct int8x16 {
    int8_t lane[16];
} int8x16_t;

typedef struct uint8x16 {
    uint8_t lane[16];
} uint8x16_t;

typedef struct int16x8 {
    int16_t lane[8];
} int16x8_t;

typedef struct int32x4 {
    int32_t lane[4];
} int32x4_t;

/// Bit i rules byte i.
typedef uint16_t mve_pred16_t;

static inline uint8x16_t vaddq_n_u8(uint8x16_t a, uint8_t b) {
    for (uint32_t i = 0; i < 16; i++) {
        a.lane[i] = (uint8_t)(a.lane[i] + b);
    }
    return a;
}

static inline uint8x16_t vaddq_u8(uint8x16_t a, uint8x16_t b) {
    for (uint32_t i = 0; i < 16; i++) {
        a.lane[i] = (uint8_t)(a.lane[i] + b.lane[i]);
    }
    return a;
}

/// VIDUP: start, start + step, ...
static inline uint8x16_t vidupq_n_u8(uint32_t start, int step) {
    uint8x16_t result;
    for (uint32_t i = 0; i < 16; i++) {
        result.lane[i] = (uint8_t)(start + i * (uint32_t)step);
    }
    return result;
}

static inline mve_pred16_t vctp8q(uint32_t elements) {
    return (mve_pred16_t)(elements >= 16 ? 0xFFFFu : (1u << elements) - 1u);
}

static inline mve_pred16_t vctp32q(uint32_t elements) {
    return vctp8q(elements >= 4 ? 16 : 4 * elements);
}

static inline int8x16_t vdupq_n_s8(int8_t value) {
    int8x16_t result;
    memset(result.lane, value, sizeof result.lane);
    return result;
}

static inline int8x16_t vld1q_s8(const int8_t *from) {
    int8x16_t result;
    memcpy(result.lane, from, sizeof result.lane);
    return result;
}

static inline int8x16_t vld1q_z_s8(const int8_t *from, mve_pred16_t active) {
    int8x16_t result;
    for (uint32_t i = 0; i < 16; i++) {
        result.lane[i] = (int8_t)(((uint32_t)active >> i & 1u) != 0 ? from[i] : 0);
    }
    return result;
}

static inline void vst1q_s8(int8_t *to, int8x16_t value) {
    memcpy(to, value.lane, sizeof value.lane);
}

static inline void vst1q_p_s8(int8_t *to, int8x16_t value, mve_pred16_t active) {
    for (uint32_t i = 0; i < 16; i++) {
        if (((uint32_t)active >> i & 1u) != 0) {
            to[i] = value.lane[i];
        }
    }
}

static inline void vstrbq_scatter_offset_s8(int8_t *to, uint8x16_t offset, int8x16_t value) {
    for (uint32_t i = 0; i < 16; i++) {
        to[offset.lane[i]] = value.lane[i];
    }
}

static inline int8x16_t vmaxq_s8(int8x16_t a, int8x16_t b) {
    for (uint32_t i = 0; i < 16; i++) {
        a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}

static inline int8x16_t vminq_s8(int8x16_t a, int8x16_t b) {
    for (uint32_t i = 0; i < 16; i++) {
        a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}

static inline mve_pred16_t vctp16q(uint32_t elements) {
    return vctp8q(elements >= 8 ? 16 : 2 * elements);
}

static inline int16x8_t vdupq_n_s16(int16_t value) {
    int16x8_t result;
    for (uint32_t i = 0; i < 8; i++) {
        result.lane[i] = value;
    }
    return result;
}

/// Eight bytes, widened.
static inline int16x8_t vldrbq_z_s16(const int8_t *from, mve_pred16_t active) {
    int16x8_t result;
    for (uint32_t i = 0; i < 8; i++) {
        result.lane[i] = (int16_t)(((uint32_t)active >> (2 * i) & 1u) != 0 ? from[i] : 0);
    }
    return result;
}

static inline void vst1q_s16(int16_t *to, int16x8_t value) {
    memcpy(to, value.lane, sizeof value.lane);
}

static inline int16x8_t vaddq_s16(int16x8_t a, int16x8_t b) {
    for (uint32_t i = 0; i < 8; i++) {
        a.lane[i] = (int16_t)(a.lane[i] + b.lane[i]);
    }
    return a;
}

static inline int32x4_t vreinterpretq_s32_s8(int8x16_t value) {
    int32x4_t result;
    memcpy(result.lane, value.lane, sizeof result.lane);
    return result;
}

static inline int8x16_t vreinterpretq_s8_s32(int32x4_t value) {
    int8x16_t result;
    memcpy(result.lane, value.lane, sizeof result.lane);
    return result;
}

static inline int32x4_t vdupq_n_s32(int32_t value) {
    return (int32x4_t){{value, value, value, value}};
}

static inline int32x4_t vandq_s32(int32x4_t a, int32x4_t b) {
    for (uint32_t i = 0; i < 4; i++) {
        a.lane[i] &= b.lane[i];
    }
    return a;
}

static inline int32x4_t vaddq_s32(int32x4_t a, int32x4_t b) {
    for (uint32_t i = 0; i < 4; i++) {
        a.lane[i] = (int32_t)((uint32_t)a.lane[i] + (uint32_t)b.lane[i]);
    }
    return a;
}

static inline int32x4_t vaddq_n_s32(int32x4_t a, int32_t b) {
    return vaddq_s32(a, vdupq_n_s32(b));
}

static inline int32x4_t vshlq_n_s32(int32x4_t value, int left) {
    for (uint32_t i = 0; i < 4; i++) {
        value.lane[i] = (int32_t)((uint32_t)value.lane[i] << left);
    }
    return value;
}

static inline int32_t mve_saturate_s32(int64_t value) {
    return value < INT32_MIN ? INT32_MIN : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

/// Saturates.
static inline int32x4_t vqshlq_n_s32(int32x4_t value, int left) {
    for (uint32_t i = 0; i < 4; i++) {
        value.lane[i] = mve_saturate_s32(value.lane[i] * (INT64_C(1) << left));
    }
    return value;
}

/// The upper half of twice the product.
static inline int32x4_t vqdmulhq_n_s32(int32x4_t a, int32_t b) {
    for (uint32_t i = 0; i < 4; i++) {
        a.lane[i] = mve_saturate_s32((int64_t)a.lane[i] * b >> 31);
    }
    return a;
}

/// The upper bits of `a`, below them those of `b`.
static inline int32x4_t vsriq_n_s32(int32x4_t a, int32x4_t b, int right) {
    const uint32_t kept = right == 32 ? UINT32_MAX : ~(UINT32_MAX >> right);
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t inserted = right == 32 ? 0 : (uint32_t)b.lane[i] >> right;
        a.lane[i] = (int32_t)(((uint32_t)a.lane[i] & kept) | inserted);
    }
    return a;
}

#endif

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

#endif

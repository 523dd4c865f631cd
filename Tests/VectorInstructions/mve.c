// SPDX-License-Identifier: Apache-2.0
//
// Every instruction that the `mve` kernels' C code uses, over the same operands on each machine: a
// line for each with a checksum of its results. Instructions and their emulation must print the
// same.
#include <stdio.h>

#include "intrinsics.h"

enum { ROUNDS = 2000, BYTES = 16 };

static uint32_t state = 1;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/// Operands of all instructions in a round; extremes are frequent.
static union operands {
    int8_t bytes[4 * BYTES];
    int32_t words[BYTES];
} operands;

static void draw_operands(void) {
    for (uint32_t i = 0; i < BYTES; i++) {
        const uint32_t random = next_random();
        const int32_t extremes[] = {INT32_MIN, INT32_MAX, 0, -1};
        operands.words[i] = (random & 0x700u) == 0 ? extremes[random & 3u] : (int32_t)random;
    }
}

static uint32_t add_to_hash(uint32_t hash, const int8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ (uint8_t)bytes[i]) * 16777619u;
    }
    return hash;
}

static int8_t result[272];

/// Runs one instruction, an expression or statement over a ... p, ROUNDS times.
#define CHECK(name, statement)                                                                     \
    do {                                                                                           \
        uint32_t hash = 2166136261u;                                                               \
        state = 1;                                                                                 \
        for (uint32_t round = 0; round < ROUNDS; round++) {                                        \
            draw_operands();                                                                       \
            const uint32_t scalar = next_random();                                                 \
            const int8x16_t a = vld1q_s8(operands.bytes), b = vld1q_s8(operands.bytes + BYTES);    \
            const int32x4_t wide_a = vreinterpretq_s32_s8(a);                                      \
            const int32x4_t wide_b = vreinterpretq_s32_s8(b);                                      \
            const uint32_t count = scalar % 20u;                                                   \
            (void)a, (void)b, (void)wide_a, (void)wide_b, (void)count;                             \
            statement;                                                                             \
            hash = add_to_hash(hash, result, sizeof result);                                       \
        }                                                                                          \
        printf("%s %08lx\n", name, (unsigned long)hash);                                           \
    } while (0)

#define PUT(value) vst1q_s8(result, value)
#define PUT_WIDE(value) vst1q_s8(result, vreinterpretq_s8_s32(value))

int main(void) {
    CHECK("vld1q_z_s8", PUT(vld1q_z_s8(operands.bytes, vctp8q(count))));
    CHECK("vst1q_p_s8", vst1q_p_s8(result, a, vctp8q(count)));
    CHECK("vdupq_n_s8", PUT(vdupq_n_s8((int8_t)scalar)));
    CHECK("vmaxq_s8", PUT(vmaxq_s8(a, b)));
    CHECK("vminq_s8", PUT(vminq_s8(a, b)));
    CHECK("vstrbq_scatter_offset_s8",
          vstrbq_scatter_offset_s8(
              result, vaddq_n_u8(vaddq_u8(vidupq_n_u8(0, 8), vidupq_n_u8(0, 8)), scalar & 3u), a));
    CHECK("vaddq_s16", vst1q_s16((int16_t *)(void *)operands.words,
                                 vaddq_s16(vldrbq_z_s16(operands.bytes, vctp16q(count)),
                                           vdupq_n_s16((int16_t)scalar)));
          PUT(vld1q_s8(operands.bytes)));
    CHECK("vdupq_n_s32", PUT_WIDE(vdupq_n_s32((int32_t)scalar)));
    CHECK("vandq_s32", PUT_WIDE(vandq_s32(wide_a, wide_b)));
    CHECK("vaddq_s32", PUT_WIDE(vaddq_s32(wide_a, wide_b)));
    CHECK("vaddq_n_s32", PUT_WIDE(vaddq_n_s32(wide_a, (int32_t)scalar)));
    CHECK("vshlq_n_s32", PUT_WIDE(vshlq_n_s32(wide_a, 8)));
    CHECK("vqshlq_n_s32", PUT_WIDE(vqshlq_n_s32(wide_a, 4)));
    CHECK("vqdmulhq_n_s32", PUT_WIDE(vqdmulhq_n_s32(wide_a, operands.words[12])));
    CHECK("vsriq_n_s32", PUT_WIDE(vsriq_n_s32(wide_a, wide_b, 8)));
    return 0;
}

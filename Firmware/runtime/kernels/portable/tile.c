// SPDX-License-Identifier: Apache-2.0
#include "tile.h"

#include "symbol.h"

#if defined(__ARM_ARCH_6M__)

// Products of four pixels with one weight destroy the pixels' registers, not the weight's: no
// copies. Sums live in r8 ... r11, which can be added to. One step is 11 instructions for 4
// products.
//
// r0 ... r3 pixels, r4 the weight, r5 tile, r6 end of the channel's weights, r7 index from there;
// r12 acc, lr channels. Stack: 0 tile, 40 -length, 44 end of acc.
#define STEP                                                                                       \
    "ldmia r5!, {r0-r3}\n"                                                                         \
    "ldrsb r4, [r6, r7]\n"                                                                         \
    "muls r0, r4\n"                                                                                \
    "muls r1, r4\n"                                                                                \
    "muls r2, r4\n"                                                                                \
    "muls r3, r4\n"                                                                                \
    "add r8, r0\n"                                                                                 \
    "add r9, r1\n"                                                                                 \
    "add r10, r2\n"                                                                                \
    "add r11, r3\n"                                                                                \
    "adds r7, #1\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_TILE) //
        "push {r4-r7, lr}\n"
        "mov r4, r8\n"
        "mov r5, r9\n"
        "mov r6, r10\n"
        "mov r7, r11\n"
        "push {r1, r4-r7}\n"
        "mov r12, r0\n"
        "mov lr, r3\n"
        "ldr r7, [sp, #40]\n"
        "adds r6, r2, r7\n"
        "negs r7, r7\n"
        "str r7, [sp, #40]\n"
        "ldr r4, [sp, #44]\n"
        "lsls r4, r4, #4\n"
        "adds r4, r0\n"
        "str r4, [sp, #44]\n"
        "1: mov r4, lr\n"
        "ldr r0, [r4]\n"
        "adds r4, #12\n"
        "mov lr, r4\n"
        "mov r8, r0\n"
        "mov r9, r0\n"
        "mov r10, r0\n"
        "mov r11, r0\n"
        "ldr r5, [sp]\n"
        "ldr r7, [sp, #40]\n"
        // Steps until a multiple of four is left.
        "2: lsls r4, r7, #30\n"
        "beq 3f\n" STEP "bne 2b\n"
        "b 4f\n"
        "3:\n" STEP STEP STEP STEP "bne 3b\n"
        "4: mov r0, r8\n"
        "mov r1, r9\n"
        "mov r2, r10\n"
        "mov r3, r11\n"
        "mov r4, r12\n"
        "stmia r4!, {r0-r3}\n"
        "mov r12, r4\n"
        "ldr r7, [sp, #40]\n"
        "subs r6, r6, r7\n"
        "ldr r0, [sp, #44]\n"
        "cmp r4, r0\n"
        "bne 1b\n"
        "add sp, #4\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n"
        "mov r9, r5\n"
        "mov r10, r6\n"
        "mov r11, r7\n"
        "pop {r4-r7, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_TILE));

#elif defined(__ARM_ARCH_7M__)

// One step is 9 instructions for 6 products.
//
// r0 ... r2 pixels, r3 and lr weights, r4 ... r9 sums, r10 tile, r11 and r12 weights of two
// channels. Stack: 0 acc, 4 tile, 8 end of the tile's part whose length is a multiple of eight, 12
// channels, 16 end of the tile, 20 end of acc, 60 length, 64 count, then end of pairs in acc.
#define STEP                                                                                       \
    "ldmia r10!, {r0-r2}\n"                                                                        \
    "ldrsb r3, [r11], #1\n"                                                                        \
    "ldrsb lr, [r12], #1\n"                                                                        \
    "mla r4, r0, r3, r4\n"                                                                         \
    "mla r5, r1, r3, r5\n"                                                                         \
    "mla r6, r2, r3, r6\n"                                                                         \
    "mla r7, r0, lr, r7\n"                                                                         \
    "mla r8, r1, lr, r8\n"                                                                         \
    "mla r9, r2, lr, r9\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_TILE) //
        "push {r4-r11, lr}\n"
        "sub sp, #24\n"
        "mov r11, r2\n"
        "ldrd r2, r4, [sp, #60]\n"
        "add r5, r4, r4, lsl #1\n"
        "add r5, r0, r5, lsl #2\n"
        "str r5, [sp, #20]\n"
        "bic r4, r4, #1\n"
        "add r4, r4, r4, lsl #1\n"
        "add r4, r0, r4, lsl #2\n"
        "str r4, [sp, #64]\n"
        "add r6, r2, r2, lsl #1\n"
        "add r6, r1, r6, lsl #2\n"
        "bic r5, r2, #7\n"
        "add r5, r5, r5, lsl #1\n"
        "add r5, r1, r5, lsl #2\n"
        "strd r0, r1, [sp]\n"
        "strd r5, r3, [sp, #8]\n"
        "str r6, [sp, #16]\n"
        "cmp r4, r0\n"
        "beq 6f\n"
        "1: ldr r0, [sp, #12]\n"
        "ldr r2, [sp, #60]\n"
        "ldr r4, [r0], #12\n"
        "ldr r7, [r0], #12\n"
        "add r12, r11, r2\n"
        "str r0, [sp, #12]\n"
        "2: mov r5, r4\n"
        "mov r6, r4\n"
        "mov r8, r7\n"
        "mov r9, r7\n"
        "ldrd r10, r0, [sp, #4]\n"
        "cmp r10, r0\n"
        "beq 4f\n"
        "3:\n" STEP STEP STEP STEP STEP STEP STEP STEP "ldr r0, [sp, #8]\n"
        "cmp r10, r0\n"
        "bne 3b\n"
        "4: ldr r0, [sp, #16]\n"
        "cmp r10, r0\n"
        "beq 5f\n" STEP "b 4b\n"
        "5: ldr r0, [sp]\n"
        "ldr r1, [sp, #64]\n"
        "stmia r0!, {r4-r9}\n"
        "str r0, [sp]\n"
        "mov r11, r12\n"
        "cmp r0, r1\n"
        "bne 1b\n"
        "ldr r1, [sp, #20]\n"
        "cmp r0, r1\n"
        "bhs 7f\n"
        // A channel without a partner is its own.
        "6: ldr r0, [sp]\n"
        "ldr r1, [sp, #12]\n"
        "adds r0, #24\n"
        "str r0, [sp, #64]\n"
        "ldr r4, [r1]\n"
        "mov r7, r4\n"
        "mov r12, r11\n"
        "b 2b\n"
        "7: add sp, #24\n"
        "pop {r4-r11, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_TILE));

#else

void SHUNT_MULTIPLY_TILE(uint32_t *acc, const int32_t *tile, const int8_t *weights,
                         const shunt_channel_t *channels, uint32_t length, uint32_t count) {
    _Static_assert(TILE_PIXELS == 4, "as many sums");
    for (uint32_t c = 0; c < count; c++) {
        const uint32_t bias = (uint32_t)channels[c].bias;
        const int32_t *x = tile;
        uint32_t sum0 = bias, sum1 = bias, sum2 = bias, sum3 = bias;
        for (uint32_t i = 0; i < length; i++, x += TILE_PIXELS) {
            const uint32_t weight = (uint32_t)(int32_t)weights[i];
            sum0 += (uint32_t)x[0] * weight;
            sum1 += (uint32_t)x[1] * weight;
            sum2 += (uint32_t)x[2] * weight;
            sum3 += (uint32_t)x[3] * weight;
        }
        acc[0] = sum0, acc[1] = sum1, acc[2] = sum2, acc[3] = sum3;
        acc += TILE_PIXELS;
        weights += length;
    }
}

#endif

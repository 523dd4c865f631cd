// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include "symbol.h"

#if defined(__ARM_ARCH_6M__)

// A weight is loaded into the register that becomes its product; one index serves all rows. One
// step is 14 instructions for 4 products.
//
// r0 input, r7 weight, r1 end of in, r2 ... r5 ends of rows, r6 index from there; r8 ... r11 sums,
// r12 acc. Stack: 36 length.
#define PRODUCT(row, sum)                                                                          \
    "ldrsb r7, [" row ", r6]\n"                                                                    \
    "muls r7, r0\n"                                                                                \
    "add " sum ", r7\n"
#define STEP                                                                                       \
    "ldrsb r0, [r1, r6]\n" PRODUCT("r2", "r8") PRODUCT("r3", "r9") PRODUCT("r4", "r10")            \
        PRODUCT("r5", "r11") "adds r6, #1\n"

#if defined(__OPTIMIZE_SIZE__)
#define STEPS "1:\n" STEP "bne 1b\n"
#else
// One at a time until a multiple of four is left.
#define STEPS                                                                                      \
    "1: lsls r7, r6, #30\n"                                                                        \
    "beq 2f\n" STEP "bne 1b\n"                                                                     \
    "b 3f\n"                                                                                       \
    "2:\n" STEP STEP STEP STEP "bne 2b\n"                                                          \
    "3:\n"
#endif

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_ROWS) //
        "push {r4-r7, lr}\n"
        "mov r4, r8\n"
        "mov r5, r9\n"
        "mov r6, r10\n"
        "mov r7, r11\n"
        "push {r4-r7}\n"
        "mov r12, r0\n"
        "ldmia r0!, {r4-r7}\n"
        "mov r8, r4\n"
        "mov r9, r5\n"
        "mov r10, r6\n"
        "mov r11, r7\n"
        "ldr r6, [sp, #36]\n"
        "adds r1, r1, r6\n"
        "adds r2, r2, r6\n"
        "mov r7, r3\n"
        "adds r3, r2, r7\n"
        "adds r4, r3, r7\n"
        "adds r5, r4, r7\n"
        "negs r6, r6\n" STEPS "mov r0, r12\n"
        "mov r4, r8\n"
        "mov r5, r9\n"
        "mov r6, r10\n"
        "mov r7, r11\n"
        "stmia r0!, {r4-r7}\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n"
        "mov r9, r5\n"
        "mov r10, r6\n"
        "mov r11, r7\n"
        "pop {r4-r7, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_ROWS));

#elif defined(__ARM_ARCH_7M__)

// Shifted offsets reach three rows from the first one's pointer. One step is 9 instructions for 4
// products.
//
// r8 input, r9 ... r11 and lr weights, r4 ... r7 sums, r1 in, r2 first row, r3 stride, r12 last
// row, r0 end of in. Stack: 0 acc, 40 length.
#define STEP                                                                                       \
    "ldrsb r8, [r1], #1\n"                                                                         \
    "ldrsb r9, [r2, r3]\n"                                                                         \
    "ldrsb r10, [r2, r3, lsl #1]\n"                                                                \
    "ldrsb r11, [r12], #1\n"                                                                       \
    "ldrsb lr, [r2], #1\n"                                                                         \
    "mla r5, r8, r9, r5\n"                                                                         \
    "mla r6, r8, r10, r6\n"                                                                        \
    "mla r7, r8, r11, r7\n"                                                                        \
    "mla r4, r8, lr, r4\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_ROWS) //
        "push {r0, r4-r11, lr}\n"
        "ldmia r0, {r4-r7}\n"
        "ldr r8, [sp, #40]\n"
        "add r12, r2, r3\n"
        "add r12, r12, r3, lsl #1\n"
        // Steps until a multiple of eight is left.
        "ands r0, r8, #7\n"
        "add r0, r1, r0\n"
        "beq 2f\n"
        "1:\n" STEP "cmp r1, r0\n"
        "bne 1b\n"
        "2: ldr r8, [sp, #40]\n"
        "bics r8, r8, #7\n"
        "add r0, r1, r8\n"
        "beq 4f\n"
        "3:\n" STEP STEP STEP STEP STEP STEP STEP STEP "cmp r1, r0\n"
        "bne 3b\n"
        "4: pop {r0}\n"
        "stmia r0, {r4-r7}\n"
        "pop {r4-r11, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_ROWS));

#else

void SHUNT_MULTIPLY_ROWS(uint32_t *acc, const int8_t *in, const int8_t *weights, size_t stride,
                         size_t length) {
    const int8_t *w1 = weights + stride;
    const int8_t *w2 = w1 + stride;
    const int8_t *w3 = w2 + stride;
    uint32_t sum0 = acc[0], sum1 = acc[1], sum2 = acc[2], sum3 = acc[3];
    for (size_t i = 0; i < length; i++) {
        const int32_t value = in[i];
        sum0 += (uint32_t)(value * weights[i]);
        sum1 += (uint32_t)(value * w1[i]);
        sum2 += (uint32_t)(value * w2[i]);
        sum3 += (uint32_t)(value * w3[i]);
    }
    acc[0] = sum0, acc[1] = sum1, acc[2] = sum2, acc[3] = sum3;
}

#endif

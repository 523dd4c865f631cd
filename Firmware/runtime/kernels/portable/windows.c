// SPDX-License-Identifier: Apache-2.0
#include "windows.h"

#include "symbol.h"

#if defined(__ARM_ARCH_6M__)

// A column of inputs and one of weights, loaded at once, destroy each other: 8 instructions for 3
// products.
//
// r0 ... r2 inputs, r3 ... r5 weights, r6 in, r7 weights; r8 the sum, r9 bias, r10 acc, r11 its
// end, r12 from behind a window to the next. Stack: 36 count, 40 step.
#define COLUMN                                                                                     \
    "ldmia r6!, {r0-r2}\n"                                                                         \
    "ldmia r7!, {r3-r5}\n"                                                                         \
    "muls r0, r3\n"                                                                                \
    "muls r1, r4\n"                                                                                \
    "muls r2, r5\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_WINDOWS) //
        "push {r4-r7, lr}\n"
        "mov r4, r8\n"
        "mov r5, r9\n"
        "mov r6, r10\n"
        "mov r7, r11\n"
        "push {r4-r7}\n"
        "mov r6, r1\n"
        "mov r7, r2\n"
        "mov r9, r3\n"
        "mov r10, r0\n"
        "ldr r4, [sp, #36]\n"
        "lsls r4, r4, #2\n"
        "adds r4, r4, r0\n"
        "mov r11, r4\n"
        "ldr r4, [sp, #40]\n"
        "lsls r4, r4, #2\n"
        "subs r4, #36\n"
        "mov r12, r4\n"
        "1:\n" COLUMN "mov r8, r9\n"
        "add r8, r0\n"
        "add r8, r1\n"
        "add r8, r2\n" COLUMN "add r8, r0\n"
        "add r8, r1\n"
        "add r8, r2\n" COLUMN "adds r0, r0, r1\n"
        "adds r0, r0, r2\n"
        "add r0, r8\n"
        "subs r7, #36\n"
        "add r6, r12\n"
        "mov r1, r10\n"
        "stmia r1!, {r0}\n"
        "mov r10, r1\n"
        "cmp r1, r11\n"
        "bne 1b\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n"
        "mov r9, r5\n"
        "mov r10, r6\n"
        "mov r11, r7\n"
        "pop {r4-r7, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_WINDOWS));

#elif defined(__ARM_ARCH_7M__)

// Neighbouring windows share two columns of inputs, and each column of weights once it is loaded:
// 33 instructions for 18 products. Other windows, and the last one of an odd number, take 21 for 9.
//
// r0 ... r2 inputs, r3 ... r5 the weights of the first or last column, r6 ... r8 of the middle one,
// r9 and r10 sums, r11 in, r12 weights, lr acc. Stack: 0 bias, 4 end of acc, 8 end of its pairs, 48
// count, 52 step, then bytes from behind a window to the next.
#define INPUTS "ldmia r11!, {r0-r2}\n"
#define OUTER(sum)                                                                                 \
    "mla " sum ", r0, r3, " sum "\n"                                                               \
    "mla " sum ", r1, r4, " sum "\n"                                                               \
    "mla " sum ", r2, r5, " sum "\n"
#define MIDDLE(sum)                                                                                \
    "mla " sum ", r0, r6, " sum "\n"                                                               \
    "mla " sum ", r1, r7, " sum "\n"                                                               \
    "mla " sum ", r2, r8, " sum "\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_MULTIPLY_WINDOWS) //
        "push {r4-r11, lr}\n"
        "sub sp, #12\n"
        "mov lr, r0\n"
        "mov r11, r1\n"
        "mov r12, r2\n"
        "ldrd r4, r5, [sp, #48]\n"
        "add r6, r0, r4, lsl #2\n"
        "strd r3, r6, [sp]\n"
        "bic r4, r4, #1\n"
        "add r4, r0, r4, lsl #2\n"
        "str r4, [sp, #8]\n"
        "lsls r6, r5, #2\n"
        "subs r6, #36\n"
        "str r6, [sp, #52]\n"
        "cmp r5, #3\n"
        "bne 2f\n"
        "cmp r4, r0\n"
        "beq 2f\n"
        "1: ldr r9, [sp]\n"
        "mov r10, r9\n"
        "ldmia r12!, {r3-r8}\n" INPUTS OUTER("r9") INPUTS MIDDLE("r9") OUTER("r10")  //
        "ldmia r12!, {r3-r5}\n" INPUTS OUTER("r9") MIDDLE("r10") INPUTS OUTER("r10") //
        "ldr r0, [sp, #8]\n"
        "sub r11, #24\n"
        "sub r12, #36\n"
        "stmia lr!, {r9, r10}\n"
        "cmp lr, r0\n"
        "bne 1b\n"
        "ldr r0, [sp, #4]\n"
        "cmp lr, r0\n"
        "beq 3f\n"
        "2: ldr r9, [sp]\n"
        "ldmia r12!, {r3-r8}\n" INPUTS OUTER("r9") INPUTS MIDDLE("r9") //
        "ldmia r12!, {r3-r5}\n" INPUTS OUTER("r9")                     //
        "ldr r0, [sp, #4]\n"
        "ldr r1, [sp, #52]\n"
        "add r11, r1\n"
        "sub r12, #36\n"
        "str r9, [lr], #4\n"
        "cmp lr, r0\n"
        "bne 2b\n"
        "3: add sp, #12\n"
        "pop {r4-r11, pc}\n" //
        SHUNT_ASM_END(SHUNT_MULTIPLY_WINDOWS));

#else

void SHUNT_MULTIPLY_WINDOWS(uint32_t *acc, const int32_t *in, const int32_t *weights, uint32_t bias,
                            uint32_t count, uint32_t step) {
    for (uint32_t i = 0; i < count; i++, in += step) {
        uint32_t sum = bias;
        for (uint32_t t = 0; t < WINDOW_TAPS; t++) {
            sum += (uint32_t)in[t] * (uint32_t)weights[t];
        }
        acc[i] = sum;
    }
}

#endif

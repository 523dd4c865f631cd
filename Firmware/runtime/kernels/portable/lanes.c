// SPDX-License-Identifier: Apache-2.0
#include "lanes.h"

#include "symbol.h"

#if defined(__ARM_ARCH_7M__)

// Two columns are 21 instructions for 16 products; a stretch begins and ends with 45.
//
// r0 in, r1 where columns end, r2 weights, r3 inputs, r4, r6 even, r5, r7 odd, r8 input, r9 masked,
// r10 ... r12 and lr weights. Stack: end of the stretch, acc, end of in.
#define ROWS(weights, even, odd)                                                                   \
    "and r9, " weights ", #0x00FF00FF\n"                                                           \
    "lsr " weights ", " weights ", #8\n"                                                           \
    "mla " even ", r8, r9, " even "\n"                                                             \
    "mla " odd ", r8, " weights ", " odd "\n"
#define COLUMN(first, second)                                                                      \
    "ldrsb r8, [r0], #1\n"                                                                         \
    "add r3, r3, r8\n" ROWS(first, "r4", "r5") ROWS(second, "r6", "r7")
#define COLUMNS "ldmia r2!, {r10-r12, lr}\n" COLUMN("r10", "r11") COLUMN("r12", "lr")

// add_rows; r1 one sum, r3 what the offset adds to odd, r8 to even, r9 acc.
#define ADD_ROWS(even, odd)                                                                        \
    "ldmia r9, {r10-r12, lr}\n"                                                                    \
    "sub " even ", " even ", r8\n"                                                                 \
    "sxth r1, " even "\n"                                                                          \
    "add r10, r10, r1\n"                                                                           \
    "sub " even ", " even ", r1\n"                                                                 \
    "add r12, r12, " even ", asr #16\n"                                                            \
    "sub " odd ", " odd ", r3\n"                                                                   \
    "sub " odd ", " odd ", " even ", asr #8\n"                                                     \
    "sxth r1, " odd "\n"                                                                           \
    "add r11, r11, r1\n"                                                                           \
    "sub " odd ", " odd ", r1\n"                                                                   \
    "add lr, lr, " odd ", asr #16\n"                                                               \
    "stmia r9!, {r10-r12, lr}\n"

__asm__(SHUNT_ASM_BEGIN(SHUNT_ADD_OCTET) //
        "push {r0, r2, r4-r11, lr}\n"
        "mov r0, r1\n"
        "mov r2, r3\n"
        "sub sp, #4\n"
        "1: ldr r9, [r2], #4\n"
        "movs r3, #0\n"
        "movs r4, #0\n"
        "movs r5, #0\n"
        "movs r6, #0\n"
        "movs r7, #0\n"
        "add r1, r0, r9\n"
        "str r1, [sp]\n"
        // Two at a time until a multiple of eight is left.
        "ands r9, r9, #6\n"
        "beq 3f\n"
        "add r1, r0, r9\n"
        "2:\n" COLUMNS "cmp r0, r1\n"
        "bne 2b\n"
        "ldr r1, [sp]\n"
        "3: cmp r0, r1\n"
        "beq 5f\n"
        "4:\n" COLUMNS COLUMNS COLUMNS COLUMNS "cmp r0, r1\n"
        "bne 4b\n"
        "5: lsls r3, r3, #7\n"
        "add r8, r3, r3, lsl #16\n"
        "add r3, r8, r3, lsl #8\n"
        "ldr r9, [sp, #4]\n" ADD_ROWS("r4", "r5") ADD_ROWS("r6", "r7") //
        "ldr r1, [sp, #8]\n"
        "cmp r0, r1\n"
        "bne 1b\n"
        "mov r0, r2\n"
        "add sp, #12\n"
        "pop {r4-r11, pc}\n" //
        SHUNT_ASM_END(SHUNT_ADD_OCTET));

#else

/// Sums over a stretch of columns of an octet, modulo 2^32. With b_r, the sum of products of row
/// r's weight bytes, `even` is b_0 + 2^16 * b_2 and `odd` is b_1 + 2^8 * b_2 + 2^16 * b_3; the
/// second of each has rows 4 ... 7.
typedef struct lanes {
    uint32_t even[2], odd[2];
    uint32_t inputs; ///< Sum of the inputs.
} lanes_t;

#define SUM_LANES SHUNT_KERNEL_SYMBOL(sum_lanes)

/// Sums up a stretch of `columns`, a positive even number.
void SUM_LANES(lanes_t *lanes, const int8_t *in, const uint32_t *weights, size_t columns);

#if defined(__ARM_ARCH_6M__)

// One column is 16 instructions for 8 products.
//
// r0 end of in, r1 index from there, r2 input, r3 mask, r4 weights, r5 and r6 of a column, r7
// shifted; r8, r10 even, r9, r11 odd, r12 inputs. Stack: lanes.
#define ROWS(weights, even, odd)                                                                   \
    "lsrs r7, " weights ", #8\n"                                                                   \
    "ands " weights ", r3\n"                                                                       \
    "muls " weights ", r2\n"                                                                       \
    "muls r7, r2\n"                                                                                \
    "add " even ", " weights "\n"                                                                  \
    "add " odd ", r7\n"
#define COLUMN                                                                                     \
    "ldrsb r2, [r0, r1]\n"                                                                         \
    "ldmia r4!, {r5, r6}\n"                                                                        \
    "adds r1, #1\n"                                                                                \
    "add r12, r2\n" ROWS("r5", "r8", "r9") ROWS("r6", "r10", "r11")

#if defined(__OPTIMIZE_SIZE__)
#define STEPS                                                                                      \
    "1:\n" COLUMN COLUMN "cmp r1, #0\n"                                                            \
    "bne 1b\n"
#else
// Two at a time until a multiple of eight is left.
#define EIGHT COLUMN COLUMN COLUMN COLUMN COLUMN COLUMN COLUMN COLUMN
#define STEPS                                                                                      \
    "b 2f\n"                                                                                       \
    "1:\n" COLUMN COLUMN "2: lsls r2, r1, #29\n"                                                   \
    "bne 1b\n"                                                                                     \
    "b 4f\n"                                                                                       \
    "3:\n" EIGHT "4: cmp r1, #0\n"                                                                 \
    "beq 5f\n"                                                                                     \
    "b 3b\n"                                                                                       \
    "5:\n"
#endif

__asm__(SHUNT_ASM_BEGIN(SUM_LANES) //
        "push {r4-r7, lr}\n"
        "mov r4, r8\n"
        "mov r5, r9\n"
        "mov r6, r10\n"
        "mov r7, r11\n"
        "push {r0, r4-r7}\n"
        "mov r4, r2\n"
        "adds r0, r1, r3\n"
        "negs r1, r3\n"
        "ldr r3, =0x00FF00FF\n"
        "movs r2, #0\n"
        "mov r8, r2\n"
        "mov r9, r2\n"
        "mov r10, r2\n"
        "mov r11, r2\n"
        "mov r12, r2\n" STEPS "pop {r0, r4-r7}\n"
        "mov r1, r8\n"
        "mov r2, r10\n"
        "mov r3, r9\n"
        "stmia r0!, {r1-r3}\n"
        "mov r1, r11\n"
        "mov r2, r12\n"
        "stmia r0!, {r1, r2}\n"
        "mov r8, r4\n"
        "mov r9, r5\n"
        "mov r10, r6\n"
        "mov r11, r7\n"
        "pop {r4-r7, pc}\n"
        ".ltorg\n" //
        SHUNT_ASM_END(SUM_LANES));

#else

void SUM_LANES(lanes_t *lanes, const int8_t *in, const uint32_t *weights, size_t columns) {
    *lanes = (lanes_t){{0, 0}, {0, 0}, 0};
    for (const int8_t *end = in + columns; in != end; in++, weights += 2) {
        const uint32_t value = (uint32_t)*in;
        lanes->inputs += value;
        for (uint32_t half = 0; half < 2; half++) {
            lanes->even[half] += value * (weights[half] & 0x00FF00FFu);
            lanes->odd[half] += value * (weights[half] >> 8);
        }
    }
}

#endif

/// Adds the sums of four rows, taken out of their lanes.
///
/// @param offset What the 128 in each weight byte have added to a sum.
static inline void add_rows(uint32_t *acc, uint32_t even, uint32_t odd, uint32_t offset) {
    const uint32_t offsets = offset + (offset << 16);
    even -= offsets;
    const int32_t first = (int16_t)even;
    const int32_t third = (int32_t)(even - (uint32_t)first) >> 16;
    odd -= offsets + (((uint32_t)third + offset) << 8);
    const int32_t second = (int16_t)odd;
    const int32_t fourth = (int32_t)(odd - (uint32_t)second) >> 16;
    acc[0] += (uint32_t)first;
    acc[1] += (uint32_t)second;
    acc[2] += (uint32_t)third;
    acc[3] += (uint32_t)fourth;
}

const uint32_t *SHUNT_ADD_OCTET(uint32_t *acc, const int8_t *in, const int8_t *end,
                                const uint32_t *weights) {
    while (in != end) {
        const uint32_t columns = *weights++;
        lanes_t lanes;
        SUM_LANES(&lanes, in, weights, columns);
        const uint32_t offset = lanes.inputs << 7;
        add_rows(acc, lanes.even[0], lanes.odd[0], offset);
        add_rows(acc + 4, lanes.even[1], lanes.odd[1], offset);
        in += columns;
        weights += 2 * (size_t)columns;
    }
    return weights;
}

#endif

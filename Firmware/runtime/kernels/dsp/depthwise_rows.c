// SPDX-License-Identifier: Apache-2.0
//
// The loops exist twice, with the same contract: in assembly, where all fourteen registers hold
// something, and in C.
#include "depthwise_rows.h"

#include "requantize.h"

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

_Static_assert(offsetof(depthwise_rows_t, free) == 8 && offsetof(depthwise_rows_t, next) == 24 &&
                   offsetof(depthwise_rows_t, route) == 40 &&
                   offsetof(depthwise_rows_t, planes) == 44,
               "the assembly loads these fields");

// Registers
//   r0  column of the channel's plane    r4-r9     weights; at a stride of 2, bias in r9
//   r1  output                           r10, r11  words of a column, then constants
//   r2  bytes to the second output       r12, lr   sums of two outputs
//   r3  end of the plane
// In pairs of columns r2 and r3 are sums, too. The slot with the upper rows decides which of a
// column's words, r10 and r11, they are in.
//
// Stack: 0 bytes to the second output, 4 to the next column's, 8 bias, 12 zero point or end of
// pairs, 16 multiplier, 20 addend, 24 to the next channel's output, 28 bytes of the loop, 32 of the
// output left over, 36 end of planes, 40 start, 44 loop, 48 scaling.
__attribute__((naked, noinline, aligned(4))) void
SHUNT_DEPTHWISE_COMPUTE(const depthwise_rows_t *rows) {
    __asm__ volatile(
        ".syntax unified\n"
        // Stride 1: adds a column of taps to two outputs, one above the other, from the rows in
        // `upper` and in `lower`, to what is in `start1` and `start2`.
        ".macro dw_column first, second, upper, lower, w01, w12, start1, start2\n"
        "    smlad \\first, \\upper, \\w01, \\start1\n"
        "    smlatb \\second, \\upper, \\w01, \\start2\n"
        "    smlabt \\first, \\lower, \\w12, \\first\n"
        "    smlad \\second, \\lower, \\w12, \\second\n"
        ".endm\n"
        // The same of one column of two outputs.
        ".macro dw_outputs upper, lower\n"
        "    ldrd r10, lr, [sp, #4]\n"
        "    add r1, r10\n"
        "    ldrd r10, r11, [r0], #8\n"
        "    dw_column r12, lr, \\upper, \\lower, r4, r5, lr, lr\n"
        "    ldrd r10, r11, [r0]\n"
        "    dw_column r12, lr, \\upper, \\lower, r6, r7, r12, lr\n"
        "    ldrd r10, r11, [r0, #8]\n"
        "    dw_column r12, lr, \\upper, \\lower, r8, r9, r12, lr\n"
        ".endm\n"
        // Stride 2: adds a column of taps to one output.
        ".macro dw_tap sum, upper, lower, w01, row2, w2, start\n"
        "    smlad \\sum, \\upper, \\w01, \\start\n"
        "    \\row2 \\sum, \\lower, \\w2, \\sum\n"
        ".endm\n"
        // Two outputs, side by side.
        ".macro dw_outputs_2 upper, lower\n"
        "    add r1, r1, r2, lsl #1\n"
        "    ldrd r10, r11, [r0], #32\n"
        "    dw_tap r12, \\upper, \\lower, r4, smlabb, r7, r9\n"
        "    ldrd r10, r11, [r0, #-24]\n"
        "    dw_tap r12, \\upper, \\lower, r5, smlabt, r7, r12\n"
        "    ldrd r10, r11, [r0, #-16]\n"
        "    dw_tap r12, \\upper, \\lower, r6, smlabb, r8, r12\n"
        "    dw_tap lr, \\upper, \\lower, r4, smlabb, r7, r9\n"
        "    ldrd r10, r11, [r0, #-8]\n"
        "    dw_tap lr, \\upper, \\lower, r5, smlabt, r7, lr\n"
        "    ldrd r10, r11, [r0]\n"
        "    dw_tap lr, \\upper, \\lower, r6, smlabb, r8, lr\n"
        ".endm\n"
        ".macro dw_line\n"
        "    ldrd r10, r11, [sp, #16]\n"
        "    smmla lr, lr, r10, r11\n"
        "    smmla r12, r12, r10, r11\n"
        ".endm\n"
        // The second output is stored first: without one, r2 is 0, and the first one overwrites it.
        ".macro dw_store\n"
        "    ssat lr, #8, lr\n"
        "    ssat r12, #8, r12\n"
        "    strb lr, [r1, r2]\n"
        "    strb r12, [r1]\n"
        ".endm\n"

        "    push {r4-r11, lr}\n"
        "    ldr r3, [r0, #40]\n"
        "    adr r2, .Ldw_routes\n"
        "    add r3, r2\n"
        "    ldrsh r1, [r3]\n"
        "    ldrsh r4, [r3, #2]\n"
        "    ldrsh r5, [r3, #4]\n"
        "    add r1, r2\n"
        "    add r4, r2\n"
        "    add r5, r2\n"
        "    push {r1, r4, r5}\n"
        "    ldm r0, {r1-r10}\n"
        "    push {r1-r10}\n"
        "    add r0, #44\n"
        "    ldm r0, {r0-r2}\n" // planes, out, lead
        "    sub r1, r2\n"
        ".Ldw_channel:\n"
        "    ldm r0!, {r4-r12, lr}\n"
        "    add r3, sp, #8\n"
        "    stm r3, {r10-r12, lr}\n"
        "    ldr pc, [sp, #40]\n"

        // Outputs of any form, two at a time.
        ".Ldw_1_0:\n"
        "    dw_outputs r10, r11\n"
        "    ldr pc, [sp, #48]\n"
        ".Ldw_1_1:\n"
        "    dw_outputs r11, r10\n"
        "    ldr pc, [sp, #48]\n"
        ".Ldw_2_0:\n"
        "    dw_outputs_2 r10, r11\n"
        "    ldr pc, [sp, #48]\n"
        ".Ldw_2_1:\n"
        "    dw_outputs_2 r11, r10\n"
        "    ldr pc, [sp, #48]\n"
        ".Ldw_start:\n"
        "    ldr r2, [sp]\n"
        "    ldr r3, [sp, #28]\n"
        "    cbz r3, .Ldw_left\n"
        "    add r3, r0\n"
        "    ldr pc, [sp, #44]\n"
        ".Ldw_exact:\n"
        "    ldrd r10, r11, [sp, #16]\n"
        "    smmlar lr, lr, r10, lr\n"
        "    smmlar r12, r12, r10, r12\n"
        "    ldr r10, [sp, #12]\n"
        "    add lr, lr, lr, asr #31\n"
        "    add r12, r12, r12, asr #31\n"
        "    b .Ldw_round\n"
        ".Ldw_fast:\n"
        "    ldrd r10, r11, [sp, #16]\n"
        "    smmla lr, lr, r10, lr\n"
        "    smmla r12, r12, r10, r12\n"
        "    ldr r10, [sp, #12]\n"
        ".Ldw_round:\n"
        "    smmlar lr, lr, r11, r10\n"
        "    smmlar r12, r12, r11, r10\n"
        "    b .Ldw_store\n"
        ".Ldw_line:\n"
        "    dw_line\n"
        ".Ldw_store:\n"
        "    dw_store\n"
        "    cmp r0, r3\n"
        "    it ne\n"
        "    ldrne pc, [sp, #44]\n"
        // One output left over from pairs goes through the loop alone, with r2 = 0.
        ".Ldw_left:\n"
        "    cbz r2, .Ldw_next\n"
        "    ldr r3, [sp, #32]\n"
        "    cbz r3, .Ldw_next\n"
        "    add r3, r0\n"
        "    add r1, r1, r2, lsl #1\n"
        "    movs r2, #0\n"
        "    ldr pc, [sp, #44]\n"

        ".Ldw_next:\n"
        "    ldr r10, [sp, #24]\n"
        "    ldr r11, [sp, #36]\n"
        "    add r0, #16\n"
        "    add r1, r10\n"
        "    cmp r0, r11\n"
        "    bne .Ldw_channel\n"
        "    add sp, #52\n"
        "    pop {r4-r11, pc}\n"

        // Lines, stride 1: four outputs at a time, in two columns; then the last column.
        ".macro dw_pairs slot, upper, lower\n"
        ".Ldw_pairs_\\slot:\n"
        "    mov r3, r10\n"
        "1:\n"
        "    ldrd r10, r11, [r0], #16\n"
        "    dw_column r12, lr, \\upper, \\lower, r4, r5, r3, r3\n"
        "    ldrd r10, r11, [r0, #-8]\n"
        "    dw_column r12, lr, \\upper, \\lower, r6, r7, r12, lr\n"
        "    dw_column r2, r3, \\upper, \\lower, r4, r5, r3, r3\n"
        "    ldrd r10, r11, [r0]\n"
        "    dw_column r12, lr, \\upper, \\lower, r8, r9, r12, lr\n"
        "    dw_column r2, r3, \\upper, \\lower, r6, r7, r2, r3\n"
        "    ldrd r10, r11, [r0, #8]\n"
        "    dw_column r2, r3, \\upper, \\lower, r8, r9, r2, r3\n"
        "    dw_line\n"
        "    smmla r3, r3, r10, r11\n"
        "    smmla r2, r2, r10, r11\n"
        "    ldrd r10, r11, [sp]\n"
        "    ssat lr, #8, lr\n"
        "    ssat r12, #8, r12\n"
        "    ssat r3, #8, r3\n"
        "    ssat r2, #8, r2\n"
        "    add r1, r11\n"
        "    strb lr, [r1, r10]\n"
        "    strb r12, [r1]\n"
        "    add r1, r11\n"
        "    strb r3, [r1, r10]\n"
        "    strb r2, [r1]\n"
        "    ldrd r3, r10, [sp, #8]\n"
        "    cmp r0, r10\n"
        "    bne 1b\n"
        "    ldr r3, [sp, #28]\n"
        "    cmp r3, #0\n"
        "    beq .Ldw_next\n"
        "    dw_outputs \\upper, \\lower\n"
        ".endm\n"
        "    dw_pairs 0, r10, r11\n"
        "    b .Ldw_pairs_last\n"
        "    dw_pairs 1, r11, r10\n"
        ".Ldw_pairs_last:\n"
        "    ldr r2, [sp]\n"
        "    dw_line\n"
        "    dw_store\n"
        "    b .Ldw_next\n"

        // By depthwise_route_t and slot: start, loop, scaling, from the table on.
        ".macro dw_route start, loop, scale\n"
        "    .hword .Ldw_\\start - .Ldw_routes + 1, .Ldw_\\loop - .Ldw_routes + 1\n"
        "    .hword .Ldw_\\scale - .Ldw_routes + 1\n"
        ".endm\n"
        "    .balign 4\n"
        ".Ldw_routes:\n"
        "    dw_route start, 1_0, exact\n"
        "    dw_route start, 1_1, exact\n"
        "    dw_route start, 2_0, exact\n"
        "    dw_route start, 2_1, exact\n"
        "    dw_route start, 1_0, line\n"
        "    dw_route start, 1_1, line\n"
        "    dw_route start, 2_0, line\n"
        "    dw_route start, 2_1, line\n"
        "    dw_route start, 1_0, fast\n"
        "    dw_route start, 1_1, fast\n"
        "    dw_route start, 2_0, fast\n"
        "    dw_route start, 2_1, fast\n"
        "    dw_route pairs_0, 1_0, line\n"
        "    dw_route pairs_1, 1_1, line\n");
}

__attribute__((naked)) static void spread_2(const depthwise_source_t *from, uint32_t *to) {
    __asm__ volatile("    push {r4-r8, lr}\n"
                     "    ldm r0, {r2-r7}\n" // rows, column_stride, columns, plane_bytes
                     "1:\n"
                     "    ldrh r8, [r2]\n"
                     "    ldrh r12, [r3]\n"
                     "    add r2, r4\n"
                     "    add r3, r5\n"
                     "    orr r8, r8, r12, lsl #16\n"
                     "    sxtb16 r12, r8, ror #8\n"
                     "    sxtb16 r8, r8\n"
                     "    str r12, [r1, r7]\n"
                     "    str r8, [r1], #8\n"
                     "    subs r6, #1\n"
                     "    bne 1b\n"
                     "    pop {r4-r8, pc}\n");
}

__attribute__((naked)) static void spread_4(const depthwise_source_t *from, uint32_t *to) {
    __asm__ volatile("    push {r4-r9, lr}\n"
                     "    ldm r0, {r2-r7}\n" // rows, column_stride, columns, plane_bytes
                     "    add r0, r7, r7, lsl #1\n"
                     "1:\n"
                     "    ldr r8, [r2]\n"
                     "    ldr r9, [r3]\n"
                     "    add r2, r4\n"
                     "    add r3, r5\n"
                     "    pkhbt r12, r8, r9, lsl #16\n" // channels 0 and 1 of both rows
                     "    pkhtb r9, r9, r8, asr #16\n"  // channels 2 and 3
                     "    sxtb16 lr, r12, ror #8\n"
                     "    sxtb16 r12, r12\n"
                     "    sxtb16 r8, r9\n"
                     "    sxtb16 r9, r9, ror #8\n"
                     "    str lr, [r1, r7]\n"
                     "    str r8, [r1, r7, lsl #1]\n"
                     "    str r9, [r1, r0]\n"
                     "    str r12, [r1], #8\n"
                     "    subs r6, #1\n"
                     "    bne 1b\n"
                     "    pop {r4-r9, pc}\n");
}

#else

/// The output of a sum.
static int8_t scale(const depthwise_channel_t *channel, uint32_t sum, uint32_t requantization) {
    const shunt_dsp_scale_t scale = {(int32_t)channel->multiplier, (int32_t)channel->addend};
    return (int8_t)(int32_t)requantize(sum, scale, channel->end_or_zero, requantization);
}

/// One row, or two, of one channel at a stride of 1; the upper rows are in slot `slot`.
static void compute_1(const depthwise_rows_t *rows, const depthwise_channel_t *channel,
                      uint32_t form, uint32_t slot, int8_t *out) {
    const uint32_t *words = (const uint32_t *)(channel + 1);
    for (uint32_t i = 0; i < rows->columns; i++, words += 2, out += rows->column_stride) {
        uint32_t first = channel->bias, second = channel->bias;
        for (uint32_t column = 0; column < 3; column++) {
            const uint32_t upper = words[2 * column + slot], lower = words[2 * column + 1 - slot];
            const uint32_t *weights = channel->weights + 2 * column;
            first = smlad(upper, weights[0], first);
            second = smlatb(upper, weights[0], second);
            first = smlabt(lower, weights[1], first);
            second = smlad(lower, weights[1], second);
        }
        out[rows->second_stride] = scale(channel, second, form);
        out[0] = scale(channel, first, form);
    }
}

/// One row of one channel at a stride of 2.
static void compute_2(const depthwise_rows_t *rows, const depthwise_channel_t *channel,
                      uint32_t form, uint32_t slot, int8_t *out) {
    const uint32_t *weights = channel->weights;
    const uint32_t *words = (const uint32_t *)(channel + 1);
    for (uint32_t i = 0; i < rows->columns; i++, words += 4, out += rows->column_stride) {
        uint32_t sum = weights[5];
        sum = smlad(words[slot], weights[0], sum);
        sum = smlabb(words[1 - slot], weights[3], sum);
        sum = smlad(words[2 + slot], weights[1], sum);
        sum = smlabt(words[3 - slot], weights[3], sum);
        sum = smlad(words[4 + slot], weights[2], sum);
        sum = smlabb(words[5 - slot], weights[4], sum);
        *out = scale(channel, sum, form);
    }
}

void SHUNT_DEPTHWISE_COMPUTE(const depthwise_rows_t *rows) {
    const uint32_t slot = rows->route / DEPTHWISE_ROUTE_BYTES % 2;
    const uint32_t kind = rows->route / DEPTHWISE_ROUTE_BYTES / 2;
    const uint32_t form = kind == DEPTHWISE_PAIRS ? SHUNT_REQUANTIZE_LINE : kind / 2;
    int8_t *out = rows->out;
    for (const depthwise_channel_t *channel = rows->planes; channel != rows->planes_end; out++) {
        if (kind == DEPTHWISE_PAIRS || kind % 2 == 0) {
            compute_1(rows, channel, form, slot, out);
        } else {
            compute_2(rows, channel, form, slot, out);
        }
        channel = (const depthwise_channel_t *)((const uint8_t *)channel + rows->plane_bytes);
    }
}

static void spread(const depthwise_source_t *from, uint32_t *to, uint32_t channels) {
    for (uint32_t i = 0; i < from->columns; i++) {
        const int8_t *upper = from->rows[0] + i * from->column_stride[0];
        const int8_t *lower = from->rows[1] + i * from->column_stride[1];
        for (uint32_t channel = 0; channel < channels; channel++) {
            to[2 * i + channel * (from->plane_bytes / sizeof *to)] =
                join_halves(upper[channel], lower[channel]);
        }
    }
}

static void spread_2(const depthwise_source_t *from, uint32_t *to) {
    spread(from, to, 2);
}

static void spread_4(const depthwise_source_t *from, uint32_t *to) {
    spread(from, to, 4);
}

#endif

const depthwise_spread_t SHUNT_DEPTHWISE_SPREAD[2] = {spread_2, spread_4};

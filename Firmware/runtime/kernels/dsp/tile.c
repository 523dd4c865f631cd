// SPDX-License-Identifier: Apache-2.0
#include "tile.h"

#include "requantize.h"

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

_Static_assert(offsetof(tile_t, weights) == 20 && offsetof(tile_t, inputs_end) == 32 &&
                   offsetof(tile_t, inputs) == 44 && offsetof(tile_t, pair_bytes) == 60 &&
                   offsetof(tile_t, requantization) == 68 && offsetof(tile_t, next_weights) == 76,
               "the assembly loads these fields");

// Units that the loop over three pixels is rolled out to, a power of 2; words that SHUNT_EXPAND is.
#ifdef __OPTIMIZE_SIZE__
#define ROLLED_UNITS "2"
#define ROLLED_WORDS "1"
#else
#define ROLLED_UNITS "8"
#define ROLLED_WORDS "2"
#endif

// Registers of the loops: r0 weights, r1 inputs, lr the tile's end of them, r2-r4 inputs of the
// pixels, r5 r6 weights, r7-r9 sums of the even channel, r10-r12 of 256 times the odd channel plus
// the even one. They start at the even channel's bias, which is in r9 then. Fourteen registers are
// all there are.
//
// Stack: tile_t up to pair_bytes, of the pair and the tile at hand: 0 records from the odd bias on,
// 4 out, 36 the even bias, 40 weights of the next pair, 48 out of the first tile. Then where to go
// on: 64 behind the first unit, 68 behind the last one, 72 behind the outputs, 76 behind
// .Ltile_half. Then 84 next_weights, 88 next_end.
//
// A unit has eight times three products for every channel of the pair and takes 17 instructions, of
// 64 bytes: that is how the place is found where the rolled-out loop is entered.
__attribute__((naked, noinline, aligned(4))) void SHUNT_MULTIPLY_TILES(const tile_t *tile) {
    __asm__ volatile(
        ".syntax unified\n"
        // Two taps of three pixels. Weights are widened where they are.
        ".macro tile_word weights, bias7=r7, bias8=r8, bias9=r9, bias10=r10, bias11=r11, "
        "bias12=r12\n"
        "    smlad r10, \\weights, r2, \\bias10\n"
        "    smlad r11, \\weights, r3, \\bias11\n"
        "    smlad r12, \\weights, r4, \\bias12\n"
        "    sxtb16 \\weights, \\weights\n"
        "    smlad r7, \\weights, r2, \\bias7\n"
        "    smlad r8, \\weights, r3, \\bias8\n"
        "    smlad r9, \\weights, r4, \\bias9\n"
        ".endm\n"
        // The outputs of one channel. Pixel 0 comes last: its stride stands in for those of pixels
        // that are not there.
        ".macro tile_store acc0, acc1, acc2\n"
        "    ssat \\acc1, #8, \\acc1\n"
        "    ssat \\acc2, #8, \\acc2\n"
        "    ssat \\acc0, #8, \\acc0\n"
        "    strb \\acc1, [r3, r4]\n"
        "    strb \\acc2, [r3, r5]\n"
        "    strb \\acc0, [r3], #1\n"
        ".endm\n"
        ".macro tile_line acc0, acc1, acc2\n"
        "    ldm r2!, {r6, lr}\n"
        "    smmla \\acc0, \\acc0, r6, lr\n"
        "    smmla \\acc1, \\acc1, r6, lr\n"
        "    smmla \\acc2, \\acc2, r6, lr\n"
        "    tile_store \\acc0, \\acc1, \\acc2\n"
        ".endm\n"

        "    push {r4-r11, lr}\n"
        "    sub sp, sp, #92\n"
        "    ldm r0!, {r1-r10}\n"
        "    stm sp, {r1-r10}\n"
        "    mov r11, r8\n"            // bytes of a tile
        "    mov r12, r9\n"            // end of the inputs
        "    ldrd r3, r4, [r0, #36]\n" // next_weights, next_end
        "    strd r3, r4, [sp, #84]\n"
        "    ldr lr, [r0, #32]\n" // is_half
        "    str lr, [sp, #80]\n"
        "    ldm r0, {r3-r5, r7-r10, lr}\n" // -, inputs, -, all_weights_end ... requantization
        "    mov r3, r6\n"
        "    sub r5, r2, #2\n"
        // A copy of weights serves several tiles.
        "    add r6, r4, r11\n"
        "    cmp r6, r12\n"
        "    mov r12, r11\n"
        "    adr.w r11, .Ltile_next_tile\n"
        "    itt eq\n"
        "    adreq.w r11, .Ltile_only\n"
        "    moveq r8, #0\n"
        "    add r0, sp, #40\n"
        "    stm r0!, {r3-r5, r7-r9}\n"
        // What a whole number of rounds has more than there are units is skipped.
        "    lsr r9, r9, #3\n"
        "    rsb r3, r9, #1\n"
        "    and r3, r3, #" ROLLED_UNITS " - 1\n"
        "    adr.w r5, .Ltile_loop3\n"
        "    add r3, r5, r3, lsl #6\n"
        // Two pixels are computed as three: that takes hardly longer.
        "    cmp r10, #1\n"
        "    it eq\n"
        "    adreq.w r3, .Ltile_loop1\n"
        "    cmp r9, #1\n"
        "    it eq\n"
        "    adreq.w r3, .Ltile_loop3_end\n"
        "    adr.w r5, .Ltile_exact\n"
        "    cmp lr, #1\n"
        "    it eq\n"
        "    adreq.w r5, .Ltile_line\n"
        "    it hi\n"
        "    adrhi.w r5, .Ltile_fast\n"
        // Addresses of instructions have the bit that means Thumb.
        "    adds r3, #1\n"
        "    adds r5, #1\n"
        "    add r11, #1\n"
        "    stm r0, {r3, r5, r11}\n"
        "    str r5, [sp, #76]\n"
        "    ldr r4, [sp, #80]\n"
        "    cbz r4, .Ltile_begin\n"
        "    adr.w r4, .Ltile_half + 1\n"
        "    str r4, [sp, #68]\n"
        ".Ltile_begin:\n"
        "    mov r2, r1\n"
        "    mov r5, r12\n"
        "    b .Ltile_pair\n"

        ".Ltile_tile:\n"
        "    ldrd r5, r6, [r0], #8\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r5, r9, r9, r9, r9, r9, r9\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r6\n"
        "    ldr pc, [sp, #64]\n"

        ".Ltile_loop1:\n"
        "    ldrd r5, r6, [r0], #8\n"
        "    ldr r3, [r1, #12]\n"
        "    ldr r2, [r1], #24\n"
        "    smlad r10, r5, r2, r10\n"
        "    sxtb16 r5, r5\n"
        "    smlad r10, r6, r3, r10\n"
        "    sxtb16 r6, r6\n"
        "    smlad r7, r5, r2, r7\n"
        "    smlad r7, r6, r3, r7\n"
        "    cmp r1, lr\n"
        "    bne .Ltile_loop1\n"
        "    b .Ltile_sums\n"

        ".balign 4\n"
        ".Ltile_loop3:\n"
        ".rept " ROLLED_UNITS "\n"
        "    ldrd r5, r6, [r0], #8\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r5\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r6\n"
        ".endr\n"
        ".if . - .Ltile_loop3 != 64 * " ROLLED_UNITS "\n"
        ".error \"a unit is not 64 bytes\"\n"
        ".endif\n"
        ".Ltile_loop3_end:\n"
        "    cmp r1, lr\n"
        "    bne .Ltile_loop3\n"

        // Sums of the odd channel: a difference, and its bias.
        ".Ltile_sums:\n"
        "    ldm sp, {r2-r6}\n"
        "    ldr lr, [r2], #4\n"
        "    sub r10, r10, r7\n"
        "    sub r11, r11, r8\n"
        "    sub r12, r12, r9\n"
        "    add r10, lr, r10, asr #8\n"
        "    add r11, lr, r11, asr #8\n"
        "    add r12, lr, r12, asr #8\n"
        "    ldr pc, [sp, #68]\n"

        ".Ltile_half:\n"
        "    cmp sp, #0\n"
        "    ldr pc, [sp, #76]\n"

        ".Ltile_fast:\n"
        "    ldr lr, [r2], #4\n"
        "    smmla r7, r7, lr, r7\n"
        "    smmla r8, r8, lr, r8\n"
        "    smmla r9, r9, lr, r9\n"
        "    b .Ltile_scale\n"
        ".Ltile_exact:\n"
        "    ldr lr, [r2], #4\n"
        "    smmlar r7, r7, lr, r7\n"
        "    smmlar r8, r8, lr, r8\n"
        "    smmlar r9, r9, lr, r9\n"
        "    add r7, r7, r7, asr #31\n"
        "    add r8, r8, r8, asr #31\n"
        "    add r9, r9, r9, asr #31\n"
        ".Ltile_scale:\n"
        "    ldr lr, [r2], #4\n"
        "    smmlar r7, r7, lr, r6\n"
        "    smmlar r8, r8, lr, r6\n"
        "    smmlar r9, r9, lr, r6\n"
        "    tile_store r7, r8, r9\n"
        // Now the same for the odd channel, if there is one. The loops above have left Z set.
        "    bne .Ltile_next\n"
        "    mov r7, r10\n"
        "    mov r8, r11\n"
        "    mov r9, r12\n"
        "    cmp sp, #0\n"
        "    ldr pc, [sp, #68]\n"

        ".Ltile_line:\n"
        "    tile_line r7, r8, r9\n"
        "    bne .Ltile_next\n"
        "    tile_line r10, r11, r12\n"
        ".Ltile_next:\n"
        "    ldr pc, [sp, #72]\n"

        ".Ltile_next_tile:\n"
        "    ldrd r5, r6, [sp, #28]\n" // tile_bytes, inputs_end
        "    cmp r1, r6\n"
        "    beq .Ltile_pair\n"
        "    ldrd r0, r4, [sp, #20]\n" // weights, out_step
        "    ldr r9, [sp, #36]\n"
        "    add r3, r3, r4\n"
        "    str r3, [sp, #4]\n"
        "    add lr, r1, r5\n"
        "    b .Ltile_tile\n"

        // The next pair; r2 has its records, r5 the bytes of a tile.
        ".Ltile_pair:\n"
        "    add r4, sp, #40\n"
        "    ldm r4, {r0, r1, r3, r6-r8}\n" // next weights, inputs, out, their end, staged,
                                            // pair_bytes
        "    cmp r0, r6\n"
        "    beq .Ltile_end\n"
        "    ldr r9, [r2], #4\n"
        "    add r3, r3, #2\n"
        "    strd r2, r3, [sp]\n"
        "    add r8, r0, r8\n"
        "    str r8, [sp, #40]\n"
        "    str r3, [sp, #48]\n"
        "    cbz r7, 2f\n"
        "    mov r6, r7\n"
        "1:\n"
        "    ldm r0!, {r2-r4, r10-r12}\n"
        "    stm r6!, {r2-r4, r10-r12}\n"
        "    ldm r0!, {r2, r3}\n"
        "    stm r6!, {r2, r3}\n"
        "    cmp r0, r8\n"
        "    bne 1b\n"
        "    mov r0, r7\n"
        "2:\n"
        "    str r0, [sp, #20]\n"
        "    str r9, [sp, #36]\n"
        "    add lr, r1, r5\n"
        "    b .Ltile_tile\n"

        // The next pair of the only tile.
        ".Ltile_only:\n"
        "    ldr r4, [sp, #52]\n"
        "    ldr r1, [sp, #44]\n"
        "    ldr lr, [sp, #32]\n"
        "    ldr r9, [r2], #4\n"
        "    strd r2, r3, [sp]\n"
        "    cmp r0, r4\n"
        "    bne .Ltile_tile\n"
        "    ldrd r0, r4, [sp, #84]\n"
        "    movs r3, #0\n"
        "    str r3, [sp, #84]\n"
        "    str r4, [sp, #52]\n"
        "    cmp r0, #0\n"
        "    bne .Ltile_tile\n"
        ".Ltile_end:\n"
        "    add sp, sp, #92\n"
        "    pop {r4-r11, pc}\n");
}

__attribute__((naked, noinline, aligned(4))) uint32_t *SHUNT_EXPAND(uint32_t *units, uint32_t words,
                                                                    const int8_t *in0,
                                                                    const int8_t *in1,
                                                                    const int8_t *in2) {
    __asm__ volatile(".syntax unified\n"
                     ".macro expand_word\n"
                     "    ldr r8, [r2], #4\n"
                     "    ldr r9, [r3], #4\n"
                     "    ldr r10, [r4], #4\n"
                     "    sxtb16 r5, r8\n"
                     "    sxtb16 r6, r9\n"
                     "    sxtb16 r7, r10\n"
                     "    sxtb16 r8, r8, ror #8\n"
                     "    sxtb16 r9, r9, ror #8\n"
                     "    sxtb16 r10, r10, ror #8\n"
                     "    stm r0!, {r5-r10}\n"
                     ".endm\n"
                     "    push {r4-r10, lr}\n"
                     "    ldr r4, [sp, #32]\n"
                     ".if " ROLLED_WORDS " == 2\n"
                     "    tst r1, #1\n"
                     "    bne 2f\n"
                     ".endif\n"
                     "1:\n"
                     ".if " ROLLED_WORDS " == 2\n"
                     "    expand_word\n"
                     "2:\n"
                     ".endif\n"
                     "    expand_word\n"
                     "    subs r1, r1, #" ROLLED_WORDS "\n"
                     "    bhi 1b\n"
                     "    pop {r4-r10, pc}\n");
}

// Pixel after pixel. A word that spans two runs is loaded where the second one starts, and what is
// in front of that is replaced.
__attribute__((naked, noinline)) void SHUNT_EXPAND_NINES(uint32_t *units, const int8_t *in0,
                                                         const int8_t *in1, const int8_t *in2,
                                                         uint32_t pitch) {
    __asm__ volatile(".syntax unified\n"
                     ".macro nines_store unit\n"
                     "    sxtb16 r6, r5\n"
                     "    sxtb16 r5, r5, ror #8\n"
                     "    str r6, [r0, #24 * \\unit]\n"
                     "    str r5, [r0, #24 * \\unit + 12]\n"
                     ".endm\n"

                     "    push {r4-r7, lr}\n"
                     "    ldr r4, [sp, #20]\n"
                     "    mov lr, #3\n"
                     "1:\n"
                     "    ldr r5, [r1]\n"
                     "    nines_store 0\n"
                     "    ldr r5, [r1, #4]\n"
                     "    nines_store 1\n"
                     "    ldrb r7, [r1, #8]\n"
                     "    add r1, r1, r4\n"
                     "    ldr r5, [r1, #-1]\n"
                     "    bfi r5, r7, #0, #8\n"
                     "    nines_store 2\n"
                     "    ldr r5, [r1, #3]\n"
                     "    nines_store 3\n"
                     "    ldrh r7, [r1, #7]\n"
                     "    add r1, r1, r4\n"
                     "    ldr r5, [r1, #-2]\n"
                     "    pkhbt r5, r7, r5\n"
                     "    nines_store 4\n"
                     "    ldr r5, [r1, #2]\n"
                     "    nines_store 5\n"
                     "    ldr r5, [r1, #5]\n"
                     "    lsrs r5, r5, #8\n"
                     "    nines_store 6\n"
                     "    mov r1, r2\n"
                     "    mov r2, r3\n"
                     "    adds r0, #4\n"
                     "    subs lr, #1\n"
                     "    bne 1b\n"
                     "    pop {r4-r7, pc}\n");
}

#else

/// One pixel's sums over the units: of the even channel, and of 256 times the odd one plus that.
static void sum_units(const uint32_t *inputs, const uint32_t *weights, const uint32_t *weights_end,
                      uint32_t *even, uint32_t *both) {
    for (; weights != weights_end; weights++, inputs += TILE_PIXELS) {
        *both = smlad(*weights, *inputs, *both);
        *even = smlad(sxtb16(*weights), *inputs, *even);
    }
}

/// The outputs of one tile for one pair.
static void multiply_pair(const tile_t *tile, const uint32_t *weights, const uint32_t *records,
                          const uint32_t *inputs, int8_t *out) {
    const shunt_dsp_scale_t even_scale = {(int32_t)records[2], (int32_t)records[3]};
    const shunt_dsp_scale_t odd_scale = {(int32_t)records[4], (int32_t)records[5]};
    const uint32_t zero_point = (uint32_t)tile->zero_point;
    for (uint32_t pixel = 0; pixel < tile->pixels; pixel++) {
        uint32_t even = records[0], both = records[0];
        sum_units(inputs + pixel, weights, weights + tile->pair_bytes / sizeof *weights, &even,
                  &both);
        const uint32_t odd = records[1] + (uint32_t)((int32_t)(both - even) >> 8);
        int8_t *to = out + (pixel == 0 ? 0 : tile->strides[pixel - 1]);
        to[0] = (int8_t)requantize(even, even_scale, zero_point, tile->requantization);
        if (!tile->is_half) {
            to[1] = (int8_t)requantize(odd, odd_scale, zero_point, tile->requantization);
        }
    }
}

void SHUNT_MULTIPLY_TILES(const tile_t *tile) {
    const uint32_t *records = tile->records;
    const uint32_t *next = tile->weights, *end = tile->all_weights_end;
    int8_t *out = tile->out;
    for (; next != end; records += SHUNT_DSP_PAIR_WORDS, out += 2) {
        const uint32_t *weights = next;
        next += tile->pair_bytes / sizeof *next;
        if (next == tile->all_weights_end && tile->next_weights != NULL) {
            next = tile->next_weights;
            end = tile->next_end;
        }
        if (tile->staged != NULL) {
            memcpy(tile->staged, weights, tile->pair_bytes);
            weights = tile->staged;
        }
        int8_t *to = out;
        for (const uint32_t *inputs = tile->inputs; inputs != tile->inputs_end;
             inputs += tile->tile_bytes / sizeof *inputs,
                            to += tile->out_step + (tile->is_half ? 1 : 2)) {
            multiply_pair(tile, weights, records, inputs, to);
        }
    }
}

uint32_t *SHUNT_EXPAND(uint32_t *units, uint32_t words, const int8_t *in0, const int8_t *in1,
                       const int8_t *in2) {
    for (uint32_t i = 0; i < words; i++, units += TILE_UNIT_WORDS) {
        const uint32_t word[TILE_PIXELS] = {load_word(in0 + 4 * i), load_word(in1 + 4 * i),
                                            load_word(in2 + 4 * i)};
        for (uint32_t pixel = 0; pixel < TILE_PIXELS; pixel++) {
            units[pixel] = sxtb16(word[pixel]);
            units[pixel + TILE_PIXELS] = sxtb16_ror8(word[pixel]);
        }
    }
    return units;
}

/// Byte `index` of three runs of nine, and 0 behind them.
static uint32_t byte_of_nines(const int8_t *in, uint32_t pitch, uint32_t index) {
    return index < 27 ? (uint32_t)in[index / 9 * (size_t)pitch + index % 9] & UINT8_MAX : 0;
}

void SHUNT_EXPAND_NINES(uint32_t *units, const int8_t *in0, const int8_t *in1, const int8_t *in2,
                        uint32_t pitch) {
    const int8_t *in[TILE_PIXELS] = {in0, in1, in2};
    for (uint32_t unit = 0; unit < 7; unit++, units += TILE_UNIT_WORDS) {
        for (uint32_t pixel = 0; pixel < TILE_PIXELS; pixel++) {
            uint32_t word = 0;
            for (uint32_t i = 0; i < 4; i++) {
                word |= byte_of_nines(in[pixel], pitch, 4 * unit + i) << (8 * i);
            }
            units[pixel] = sxtb16(word);
            units[pixel + TILE_PIXELS] = sxtb16_ror8(word);
        }
    }
}

#endif

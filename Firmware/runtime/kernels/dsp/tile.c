// SPDX-License-Identifier: Apache-2.0
#include "tile.h"

#include "requantize.h"

#if SHUNT_DSP_INSTRUCTIONS

// Naked functions find their parameters in registers.
#pragma GCC diagnostic ignored "-Wunused-parameter"

_Static_assert(offsetof(tile_t, inputs) == 20 && offsetof(tile_t, weights_end) == 28 &&
                   offsetof(tile_t, routes) == 32 && offsetof(tile_t, weights) == 40 &&
                   offsetof(tile_t, requantization) == 52,
               "the assembly loads these fields");

// Units that the loop over three pixels is rolled out to.
#ifdef __OPTIMIZE_SIZE__
#define ROLLED_UNITS "5"
#else
#define ROLLED_UNITS "8"
#endif

// Registers of the loops: r0 weights, r1 inputs, lr their end, r2-r4 inputs of the pixels, r5 r6
// weights, r7-r9 sums of the even channel, r10-r12 of 256 times the odd channel plus the even one.
// They start at the even channel's bias, which is in r9 then. Fourteen registers are all there are;
// the rest is on the stack, as in tile_t.
//
// A unit has eight times three products for every channel of the pair and takes 17 instructions, of
// 64 bytes: that is how `routes[0]` is found, the place where the rolled-out loop is entered.
__attribute__((naked, noinline, aligned(4))) void SHUNT_MULTIPLY_TILE(tile_t *tile) {
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
        // The odd channel's accumulator out of two sums, its bias in r1.
        ".macro tile_odd sums, even\n"
        "    sub \\sums, \\sums, \\even\n"
        "    add \\sums, r1, \\sums, asr #8\n"
        ".endm\n"
        ".macro tile_line acc, addend\n"
        "    smmla \\acc, \\acc, r6, \\addend\n"
        "    ssat \\acc, #8, \\acc\n"
        ".endm\n"
        ".macro tile_exact acc, addend\n"
        "    smmlar \\acc, \\acc, r1, \\acc\n"
        "    add \\acc, \\acc, \\acc, asr #31\n"
        "    smmlar \\acc, \\acc, \\addend, r6\n"
        "    ssat \\acc, #8, \\acc\n"
        ".endm\n"
        ".macro tile_fast acc, addend\n"
        "    smmla \\acc, \\acc, r1, \\acc\n"
        "    smmlar \\acc, \\acc, \\addend, r6\n"
        "    ssat \\acc, #8, \\acc\n"
        ".endm\n"
        // One channel of three pixels. Pixel 0 comes last: its stride stands in for those of pixels
        // that are not there.
        ".macro tile_store form, addend, acc0, acc1, acc2\n"
        "    \\form \\acc1, \\addend\n"
        "    strb \\acc1, [r3, r4]\n"
        "    \\form \\acc2, \\addend\n"
        "    strb \\acc2, [r3, r5]\n"
        "    \\form \\acc0, \\addend\n"
        "    strb \\acc0, [r3], #1\n"
        ".endm\n"

        "    push {r4-r11, lr}\n"
        "    sub sp, sp, #44\n"
        "    ldm r0!, {r1-r10}\n"
        "    ldr r12, [r1], #4\n"
        "    stm sp, {r1-r10}\n"
        "    cmp r9, #0\n"
        "    beq .Ltile_routes\n"
        ".Ltile_begin:\n"
        "    ldr r0, [r0]\n"
        "    mov r1, r6\n"
        "    mov lr, r7\n"
        "    mov r9, r12\n"

        ".Ltile_pair:\n"
        "    ldrd r5, r6, [r0], #8\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r5, r9, r9, r9, r9, r9, r9\n"
        "    ldm r1!, {r2-r4}\n"
        "    tile_word r6\n"
        "    ldr pc, [sp, #32]\n"

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
        "    cmp r1, lr\n"
        "    bne .Ltile_loop3\n"
        ".Ltile_sums:\n"
        "    ldr pc, [sp, #36]\n"

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
        "    ldr pc, [sp, #36]\n"

        ".Ltile_line:\n"
        "    ldm sp, {r2-r5}\n"
        "    ldm r2!, {r1, r6, lr}\n"
        "    tile_odd r10, r7\n"
        "    tile_odd r11, r8\n"
        "    tile_odd r12, r9\n"
        "    tile_store tile_line, lr, r7, r8, r9\n"
        "    ldm r2!, {r6, r8, r9}\n"
        "    tile_store tile_line, r8, r10, r11, r12\n"
        "    strd r2, r3, [sp]\n"
        "    ldrd r1, lr, [sp, #20]\n"
        "    ldr r2, [sp, #28]\n"
        "    cmp r0, r2\n"
        "    bne .Ltile_pair\n"
        "    add sp, sp, #44\n"
        "    pop {r4-r11, pc}\n"

        ".Ltile_exact:\n"
        "    ldm sp, {r2-r6}\n"
        "    ldr r1, [r2], #4\n"
        "    tile_odd r10, r7\n"
        "    tile_odd r11, r8\n"
        "    tile_odd r12, r9\n"
        "    ldm r2!, {r1, lr}\n"
        "    tile_store tile_exact, lr, r7, r8, r9\n"
        "    ldm r2!, {r1, r8, r9}\n"
        "    tile_store tile_exact, r8, r10, r11, r12\n"
        "    b .Ltile_next\n"

        ".Ltile_fast:\n"
        "    ldm sp, {r2-r6}\n"
        "    ldr r1, [r2], #4\n"
        "    tile_odd r10, r7\n"
        "    tile_odd r11, r8\n"
        "    tile_odd r12, r9\n"
        "    ldm r2!, {r1, lr}\n"
        "    tile_store tile_fast, lr, r7, r8, r9\n"
        "    ldm r2!, {r1, r8, r9}\n"
        "    tile_store tile_fast, r8, r10, r11, r12\n"
        ".Ltile_next:\n"
        "    strd r2, r3, [sp]\n"
        "    ldrd r1, lr, [sp, #20]\n"
        "    ldr r2, [sp, #28]\n"
        "    cmp r0, r2\n"
        "    bne .Ltile_pair\n"
        "    add sp, sp, #44\n"
        "    pop {r4-r11, pc}\n"

        // Which loop and which form; both addresses have the bit that means Thumb.
        ".Ltile_routes:\n"
        "    ldrd r2, r3, [r0, #4]\n"
        "    ldr r4, [r0, #12]\n"
        "    adr.w r10, .Ltile_exact\n"
        "    cmp r4, #1\n"
        "    it eq\n"
        "    adreq.w r10, .Ltile_line\n"
        "    it hi\n"
        "    adrhi.w r10, .Ltile_fast\n"
        "    orr r10, r10, #1\n"
        // What a whole number of rounds has more than there are units is skipped.
        "    add r4, r2, #" ROLLED_UNITS " - 2\n"
        "    mov r9, #" ROLLED_UNITS "\n"
        "    udiv r4, r4, r9\n"
        "    mul r4, r4, r9\n"
        "    sub r4, r4, r2\n"
        "    add r4, r4, #1\n"
        "    adr.w r9, .Ltile_loop3\n"
        "    add r9, r9, r4, lsl #6\n"
        // Two pixels are computed as three: that takes hardly longer.
        "    cmp r3, #1\n"
        "    it eq\n"
        "    adreq.w r9, .Ltile_loop1\n"
        "    cmp r2, #1\n"
        "    it eq\n"
        "    adreq.w r9, .Ltile_sums\n"
        "    orr r9, r9, #1\n"
        "    strd r9, r10, [sp, #32]\n"
        "    strd r9, r10, [r0, #-8]\n"
        "    b .Ltile_begin\n");
}

// Eight bytes of each pixel at a time; r1 counts pairs of words.
__attribute__((naked, noinline, aligned(4))) uint32_t *SHUNT_EXPAND(uint32_t *units, uint32_t words,
                                                                    const int8_t *in0,
                                                                    const int8_t *in1,
                                                                    const int8_t *in2) {
    __asm__ volatile(".syntax unified\n"
                     "    push {r4-r11, lr}\n"
                     "    ldr r4, [sp, #36]\n"
                     "    subs r1, r1, #2\n"
                     "    blo .Lexpand_last\n"
                     ".Lexpand_loop:\n"
                     "    ldrd r10, r5, [r2], #8\n"
                     "    ldrd r11, r6, [r3], #8\n"
                     "    ldrd r12, lr, [r4], #8\n"
                     "    sxtb16 r7, r10\n"
                     "    sxtb16 r8, r11\n"
                     "    sxtb16 r9, r12\n"
                     "    sxtb16 r10, r10, ror #8\n"
                     "    sxtb16 r11, r11, ror #8\n"
                     "    sxtb16 r12, r12, ror #8\n"
                     "    stm r0!, {r7-r12}\n"
                     "    sxtb16 r7, r5\n"
                     "    sxtb16 r8, r6\n"
                     "    sxtb16 r9, lr\n"
                     "    sxtb16 r10, r5, ror #8\n"
                     "    sxtb16 r11, r6, ror #8\n"
                     "    sxtb16 r12, lr, ror #8\n"
                     "    stm r0!, {r7-r12}\n"
                     "    subs r1, r1, #2\n"
                     "    bhs .Lexpand_loop\n"
                     ".Lexpand_last:\n"
                     "    adds r1, r1, #2\n"
                     "    beq .Lexpand_end\n"
                     "    ldr r10, [r2]\n"
                     "    ldr r11, [r3]\n"
                     "    ldr r12, [r4]\n"
                     "    sxtb16 r7, r10\n"
                     "    sxtb16 r8, r11\n"
                     "    sxtb16 r9, r12\n"
                     "    sxtb16 r10, r10, ror #8\n"
                     "    sxtb16 r11, r11, ror #8\n"
                     "    sxtb16 r12, r12, ror #8\n"
                     "    stm r0!, {r7-r12}\n"
                     ".Lexpand_end:\n"
                     "    pop {r4-r11, pc}\n");
}

// A word that spans two runs is loaded where the second one starts, and what is in front of that is
// replaced. r1-r3 point to the pixels' runs.
__attribute__((naked, noinline)) void SHUNT_EXPAND_NINES(uint32_t *units, const int8_t *in0,
                                                         const int8_t *in1, const int8_t *in2,
                                                         uint32_t pitch) {
    __asm__ volatile(".syntax unified\n"
                     ".macro nines_load what, at, to0=r7, to1=r8, to2=r9\n"
                     "    \\what \\to0, [r1, #\\at]\n"
                     "    \\what \\to1, [r2, #\\at]\n"
                     "    \\what \\to2, [r3, #\\at]\n"
                     ".endm\n"
                     ".macro nines_next_run\n"
                     "    ldr lr, [sp, #36]\n"
                     "    add r1, r1, lr\n"
                     "    add r2, r2, lr\n"
                     "    add r3, r3, lr\n"
                     ".endm\n"

                     "    push {r4-r11, lr}\n"
                     "    nines_load ldr, 0\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldr, 4\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldrb, 8, r10, r11, r12\n"
                     "    nines_next_run\n"
                     "    nines_load ldr, -1\n"
                     "    bfi r7, r10, #0, #8\n"
                     "    bfi r8, r11, #0, #8\n"
                     "    bfi r9, r12, #0, #8\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldr, 3\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldrh, 7, r10, r11, r12\n"
                     "    nines_next_run\n"
                     "    nines_load ldr, -2\n"
                     "    pkhbt r7, r10, r7\n"
                     "    pkhbt r8, r11, r8\n"
                     "    pkhbt r9, r12, r9\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldr, 2\n"
                     "    bl .Lnines_store\n"
                     "    nines_load ldr, 5\n"
                     "    lsr r7, r7, #8\n"
                     "    lsr r8, r8, #8\n"
                     "    lsr r9, r9, #8\n"
                     "    bl .Lnines_store\n"
                     "    pop {r4-r11, pc}\n"

                     ".Lnines_store:\n"
                     "    sxtb16 r4, r7\n"
                     "    sxtb16 r5, r8\n"
                     "    sxtb16 r6, r9\n"
                     "    sxtb16 r7, r7, ror #8\n"
                     "    sxtb16 r8, r8, ror #8\n"
                     "    sxtb16 r9, r9, ror #8\n"
                     "    stm r0!, {r4-r9}\n"
                     "    bx lr\n");
}

#else

/// One pixel's sums over the units: of the even channel, and of 256 times the odd one plus that.
static void sum_units(const tile_t *tile, const uint32_t *weights, uint32_t pixel, uint32_t *even,
                      uint32_t *both) {
    const uint32_t *in = tile->inputs + pixel;
    for (uint32_t word = 0; word < 2 * tile->units; word++, in += TILE_PIXELS) {
        *both = smlad(weights[word], *in, *both);
        *even = smlad(sxtb16(weights[word]), *in, *even);
    }
}

void SHUNT_MULTIPLY_TILE(tile_t *tile) {
    const uint32_t zero_point = (uint32_t)tile->zero_point;
    const uint32_t *records = tile->records;
    int8_t *out = tile->out;
    for (const uint32_t *weights = tile->weights; weights != tile->weights_end;
         weights += 2 * tile->units, records += SHUNT_DSP_PAIR_WORDS, out += 2) {
        const shunt_dsp_scale_t even_scale = {(int32_t)records[2], (int32_t)records[3]};
        const shunt_dsp_scale_t odd_scale = {(int32_t)records[4], (int32_t)records[5]};
        for (uint32_t pixel = 0; pixel < tile->pixels; pixel++) {
            uint32_t even = records[0], both = records[0];
            sum_units(tile, weights, pixel, &even, &both);
            const uint32_t odd = records[1] + (uint32_t)((int32_t)(both - even) >> 8);
            int8_t *to = out + (pixel == 0 ? 0 : tile->strides[pixel - 1]);
            to[0] = (int8_t)requantize(even, even_scale, zero_point, tile->requantization);
            to[1] = (int8_t)requantize(odd, odd_scale, zero_point, tile->requantization);
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

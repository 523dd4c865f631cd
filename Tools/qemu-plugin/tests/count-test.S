// SPDX-License-Identifier: MIT
//
// A bare-metal image for QEMU's mps2-an386 (Cortex-M4) whose instruction counts are known by
// construction. Between two marks it executes what the comments say; a mark's function is one BX.
//
//   arm-none-eabi-gcc -mcpu=cortex-m4 -nostdlib -Wl,-Ttext=0 -o count-test.elf count-test.S
    .syntax unified
    .cpu cortex-m4
    .thumb

    .equ TIMER, 0x40000000  // CMSDK timer 0: CTRL, VALUE, RELOAD; counts down at 25 MHz
    .equ UART, 0x40004000   // CMSDK UART 0: DATA, STATE, CTRL, INTSTATUS, BAUDDIV

    .text
    .word 0x20010000        // initial stack pointer
    .word start + 1

    .macro mark name
    .global \name
    .type \name, %function
    .thumb_func
\name:
    bx      lr
    .endm

    mark shunt_trigger_idle
    mark shunt_trigger_inference
    mark shunt_trigger_between
    mark shunt_trigger_baseline
    mark shunt_trigger_step

    .global start
    .type start, %function
    .thumb_func
start:
    bl      shunt_trigger_idle

    // idle -> inference: BX, 2 x MOVW/MOVT, 1 000 000 x (SUBS, BNE), BL: 2 000 004 instructions,
    // 999 999 + 2 jumps
    movw    r0, #0x4240
    movt    r0, #0x000f
1:  subs    r0, #1
    bne     1b
    bl      shunt_trigger_inference

    // inference -> between: BX, MOVW, MOV, 1000 x 17, BL: 17 004 instructions
    movw    r0, #1000
    mov     r1, sp
2:  ldr     r2, [r1, #-4]   // load_first
    ldr     r3, [r1, #-8]   // load_paired
    ldr     r4, [r3]        // load_first, load_use
    push    {r2, r3, r4, r5} // store_multiple, 4 words
    pop     {r2, r3, r4, r5} // load_multiple, 4 words
    mla     r5, r2, r3, r4  // mac
    smlad   r5, r2, r3, r4  // dsp_mac
    smull   r5, r6, r2, r3  // mul_long
    sxtb16  r5, r2          // dsp
    udiv    r6, r2, r0      // divide
    cmp     r2, r2          // alu
    it      ne              // alu
    movne   r2, #0          // alu, its condition fails
    str     r2, [r1, #-8]   // store
    cbz     r0, 3f          // branch, not taken
    subs    r0, #1          // alu
    bne     2b              // branch, taken 999 times
3:  bl      shunt_trigger_between

    // between -> baseline: reads and writes of devices, which QEMU may execute twice inside.
    // BX, 2 x 2 moves, MOVW, 500 x 6, BL: 3 007 instructions
    movw    r5, #:lower16:TIMER
    movt    r5, #:upper16:TIMER
    movw    r6, #:lower16:UART
    movt    r6, #:upper16:UART
    movw    r0, #500
4:  ldr     r1, [r5, #4]    // load_first
    ldr     r2, [r6, #4]    // load_paired
    str     r0, [r6, #16]   // store
    adds    r1, r2          // alu, load_use of nothing: the store stands between
    subs    r0, #1          // alu
    bne     4b              // branch
    bl      shunt_trigger_baseline

    // baseline -> step: the timer's view of 1 000 000 instructions.
    // BX, 5 moves, 2 STR, LDR, 1 000 000, LDR, SUBS, BL: 1 000 012 instructions; r7 = ticks
    mov     r0, #-1
    str     r0, [r5, #8]
    movs    r0, #1
    str     r0, [r5]
    movw    r0, #0xa120
    movt    r0, #0x0007
    nop
    ldr     r3, [r5, #4]
5:  subs    r0, #1
    bne     5b
    ldr     r4, [r5, #4]
    subs    r7, r3, r4
    bl      shunt_trigger_step

    // The difference leaves as the exit status of SYS_EXIT_EXTENDED, in units of 10 000 ticks.
    movw    r0, #10000
    udiv    r1, r7, r0
    push    {r1}
    movw    r0, #0x0026
    movt    r0, #0x0002     // ADP_Stopped_ApplicationExit
    push    {r0}
    mov     r1, sp
    movs    r0, #0x20       // SYS_EXIT_EXTENDED
    bkpt    #0xab
6:  b       6b

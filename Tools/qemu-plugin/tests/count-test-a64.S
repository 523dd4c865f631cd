// SPDX-License-Identifier: MIT
//
// The AArch64 counterpart of count-test.S: an image for QEMU's machine `virt`, and a Linux program
// for qemu-aarch64 as well. Between two marks it executes what the comments say; a mark's function
// is one RET.
//
//   aarch64-linux-gnu-gcc [-DBARE_METAL] -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0x40200000 \
//     -Wl,-e,start -o count-test-a64.elf count-test-a64.S
    .text

    .macro mark name
    .global \name
    .type \name, %function
\name:
    ret
    .endm

    mark shunt_trigger_idle
    mark shunt_trigger_inference
    mark shunt_trigger_between
    mark shunt_trigger_baseline
    mark shunt_trigger_step

    .global start
    .type start, %function
start:
#ifdef BARE_METAL
    mov     x0, #3 << 20            // floating point and vectors are not trapped
    msr     cpacr_el1, x0
    isb
#endif
    bl      shunt_trigger_idle

    // idle -> inference: RET, 2 moves, 1 000 000 x (SUBS, B.NE), BL: 2 000 004 instructions,
    // 999 999 + 2 jumps; every B.NE issues with its SUBS
    movz    x0, #0x4240
    movk    x0, #0x000f, lsl #16
1:  subs    x0, x0, #1
    b.ne    1b
    bl      shunt_trigger_inference

    // inference -> between: RET, 3 moves, 1000 x 16, BL: 16 005 instructions
    movz    x0, #1000
    adrp    x1, space
    add     x1, x1, :lo12:space
2:  ldr     x2, [x1]            // load_first
    ldr     x3, [x1, #8]        // load_paired
    add     x4, x3, #1          // alu, load_use
    madd    x5, x2, x4, x4      // mac
    mul     w6, w2, w4          // mul
    smull   x7, w2, w4          // mul_long
    umaddl  x7, w2, w4, x7      // mac_long
    udiv    x8, x7, x0          // divide
    ldp     x9, x10, [x1]       // load_double, 1 more beat
    stp     x9, x10, [x1, #16]  // store_double, 1 more beat, load_use
    str     w5, [x1, #32]       // store
    ldr     q0, [x1]            // vector_load, 1 more beat
    mul     v1.4s, v0.4s, v0.4s // vector_mac, load_use
    add     v2.4s, v1.4s, v1.4s // vector_alu
    subs    x0, x0, #1          // alu, issues with the one before
    b.ne    2b                  // branch, taken 999 times
    bl      shunt_trigger_between

    bl      shunt_trigger_baseline
    bl      shunt_trigger_step

    // SYS_EXIT of semihosting: ADP_Stopped_ApplicationExit, status 0
    adr     x1, exit_block
    mov     w0, #0x18
    hlt     #0xf000
3:  b       3b

    .balign 8
exit_block:
    .quad   0x20026, 0

    .bss
    .balign 16
space:
    .skip   64

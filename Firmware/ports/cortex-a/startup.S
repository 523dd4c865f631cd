// SPDX-License-Identifier: Apache-2.0
//
// From reset to C, on any Armv8-A core in AArch64 state, entered at EL2 or EL1 with MMU and caches
// off, as boot loaders and emulators do. The firmware runs at EL1 with interrupts masked; every
// exception starts the board anew. The image starts here, so that a raw image can be entered at its
// first byte.

    .equ HCR_RW, 1 << 31                // EL1 executes AArch64
    .equ CPTR_NO_TRAPS, 0x33ff          // floating point and SIMD are not trapped
    .equ CNTHCTL_EL1_ACCESS, 3          // EL1 may read counter and timer
    .equ SPSR_EL1H_MASKED, 0x3c5        // EL1, its own stack pointer, all exceptions masked
    .equ CPACR_NO_TRAPS, 3 << 20
    .equ SCTLR_OFF, 0x30d00800          // reserved bits only: MMU and caches off

    .section .vectors, "ax"
    .global shunt_reset_handler
    .type shunt_reset_handler, %function
shunt_reset_handler:
    msr     daifset, #15
    mrs     x0, mpidr_el1
    and     x0, x0, #0xff
    cbnz    x0, shunt_cortex_a_park

    mrs     x0, CurrentEL
    cmp     x0, #2 << 2
    b.ne    1f
    mov     x0, #HCR_RW
    msr     hcr_el2, x0
    mov     x0, #CPTR_NO_TRAPS
    msr     cptr_el2, x0
    msr     hstr_el2, xzr
    mrs     x0, cnthctl_el2
    orr     x0, x0, #CNTHCTL_EL1_ACCESS
    msr     cnthctl_el2, x0
    msr     cntvoff_el2, xzr
    mrs     x0, midr_el1
    msr     vpidr_el2, x0
    mrs     x0, mpidr_el1
    msr     vmpidr_el2, x0
    ldr     x0, =SCTLR_OFF
    msr     sctlr_el1, x0
    mov     x0, #SPSR_EL1H_MASKED
    msr     spsr_el2, x0
    adr     x0, 1f
    msr     elr_el2, x0
    isb
    eret

1:  mov     x0, #CPACR_NO_TRAPS
    msr     cpacr_el1, x0
    ldr     x0, =shunt_cortex_a_vectors
    msr     vbar_el1, x0
    ldr     x0, =shunt_ld_stack_high
    mov     sp, x0
    mov     x29, xzr
    mov     x30, xzr
    isb
    b       shunt_cortex_a_main

// Cores other than the first sleep for good: the firmware is one thread, and what they would
// execute must not be counted, nor cost power.
    .global shunt_cortex_a_park
    .type shunt_cortex_a_park, %function
shunt_cortex_a_park:
    msr     daifset, #15
2:  wfi
    b       2b

    .ltorg

    .balign 2048
shunt_cortex_a_vectors:
    .rept 16
    ldr     x0, =shunt_ld_stack_high    // the fault may be that of a full stack
    mov     sp, x0
    b       shunt_port_reset
    .balign 128
    .endr

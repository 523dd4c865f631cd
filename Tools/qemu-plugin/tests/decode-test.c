// SPDX-License-Identifier: MIT
//
// Checks the decoders against a table of assembled instructions, and the pairing of neighbours.
#include "decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[SHUNT_CLASS_COUNT] = {
    "alu",         "mul",           "mac",        "mul_long",     "mac_long",
    "dsp_mac",     "dsp",           "divide",     "load_first",   "load_paired",
    "load_double", "load_multiple", "store",      "store_double", "store_multiple",
    "branch",      "loop_end",      "fp",         "fp_mac",       "fp_divide",
    "vector_load", "vector_store",  "vector_alu", "vector_mac",   "other",
    "unknown"};

static int failures;

static void check_line(const char *line) {
    unsigned first = 0;
    unsigned words = 0;
    char second[8];
    char name[32];
    char jumps[8];
    if (sscanf(line, "%4x %7s %31s %u %7s", &first, second, name, &words, jumps) != 5) {
        printf("bad line: %s", line);
        failures++;
        return;
    }
    const unsigned long wide = strtoul(second, NULL, 16); // 0 for "----"
    const shunt_instruction_t got = shunt_decode_thumb((uint16_t)first, (uint16_t)wide);
    if (strcmp(names[got.counter], name) != 0 || got.words != words ||
        got.jumps != (strcmp(jumps, "jumps") == 0)) {
        printf("%s  -> %s, %u words, %s\n", line, names[got.counter], got.words,
               got.jumps ? "jumps" : "-");
        failures++;
    }
}

static void check_pair(const char *what, uint32_t before, uint32_t now, shunt_counter_t counter,
                       bool uses_load) {
    const shunt_instruction_t a =
        before > 0xffffu ? shunt_decode_thumb((uint16_t)(before >> 16), (uint16_t)before)
                         : shunt_decode_thumb((uint16_t)before, 0);
    const shunt_instruction_t b = now > 0xffffu
                                      ? shunt_decode_thumb((uint16_t)(now >> 16), (uint16_t)now)
                                      : shunt_decode_thumb((uint16_t)now, 0);
    bool uses = false;
    const shunt_counter_t got = shunt_pair(&b, &a, &uses);
    if (got != counter || uses != uses_load) {
        printf("%s -> %s, %s\n", what, names[got], uses ? "uses the load" : "-");
        failures++;
    }
}

static void check_pairs(void) {
    check_pair("ldr r0,[r1]; ldr r2,[r1,#4]", 0x6808, 0x684a, SHUNT_LOAD_PAIRED, false);
    check_pair("ldr r0,[r1]; ldr r2,[r0]", 0x6808, 0x6802, SHUNT_LOAD_FIRST, true);
    check_pair("ldr r0,[r1],#4; ldr r2,[r1]", 0xf8510b04, 0x680a, SHUNT_LOAD_PAIRED, false);
    check_pair("ldr r0,[r1]; ldr r2,[r1,r0]", 0x6808, 0x580a, SHUNT_LOAD_FIRST, true);
    check_pair("ldr r0,[r1]; ldrb.w r2,[r1,r0]", 0x6808, 0xf8112000, SHUNT_LOAD_FIRST, true);
    check_pair("adds r0,r1,r2; ldr r2,[r1]", 0x1888, 0x680a, SHUNT_LOAD_FIRST, false);
    check_pair("ldr r0,[r1]; adds r2,r0,r3", 0x6808, 0x18c2, SHUNT_ALU, true);
    check_pair("ldr r0,[r1]; adds r2,r3,r4", 0x6808, 0x191a, SHUNT_ALU, false);
    check_pair("ldr r0,[r1]; mvns r0,r2", 0x6808, 0x43d0, SHUNT_ALU, false);
    check_pair("ldr r0,[r1]; smlad r2,r3,r4,r0", 0x6808, 0xfb230204, SHUNT_DSP_MAC, true);
    check_pair("ldr r0,[r1]; str r0,[r2]", 0x6808, 0x6010, SHUNT_STORE, true);
    check_pair("ldrd r0,r1,[r2]; ldr r3,[r2]", 0xe9d20100, 0x6813, SHUNT_LOAD_FIRST, false);
    check_pair("ldrd r0,r1,[r2]; adds r3,r1,r4", 0xe9d20100, 0x190b, SHUNT_ALU, true);
    check_pair("ldr r0,[r1]; movw r0,#1", 0x6808, 0xf2400001, SHUNT_ALU, false);
}

static void check_a64(const char *what, uint32_t word, shunt_counter_t counter) {
    const shunt_instruction_t got = shunt_decode_a64(word);
    if (got.counter != counter) {
        printf("%s -> %s\n", what, names[got.counter]);
        failures++;
    }
}

static void check_a64_groups(void) {
    check_a64("add x0,x1,x2", 0x8b020020, SHUNT_ALU);
    check_a64("mov w0,#1", 0x52800020, SHUNT_ALU);
    check_a64("lsl w0,w1,w2", 0x1ac22020, SHUNT_ALU);
    check_a64("adr x0,.", 0x10000000, SHUNT_ALU);
    check_a64("ubfx w0,w1,#1,#2", 0x53010820, SHUNT_ALU);
    check_a64("csel x0,x1,x2,ne", 0x9a821020, SHUNT_ALU);
    check_a64("nop", 0xd503201f, SHUNT_ALU);
    check_a64("eor x0,x1,#1", 0xd2400020, SHUNT_ALU);
    check_a64("mul w0,w1,w2", 0x1b027c20, SHUNT_MUL);
    check_a64("madd x0,x1,x2,x3", 0x9b020c20, SHUNT_MAC);
    check_a64("msub w0,w1,w2,w3", 0x1b028c20, SHUNT_MAC);
    check_a64("smull x0,w1,w2", 0x9b227c20, SHUNT_MUL_LONG);
    check_a64("umulh x0,x1,x2", 0x9bc27c20, SHUNT_MUL_LONG);
    check_a64("smaddl x0,w1,w2,x3", 0x9b220c20, SHUNT_MAC_LONG);
    check_a64("sdiv w0,w1,w2", 0x1ac20c20, SHUNT_DIVIDE);
    check_a64("udiv x0,x1,x2", 0x9ac20820, SHUNT_DIVIDE);
    check_a64("ldr x0,[x1]", 0xf9400020, SHUNT_LOAD_FIRST);
    check_a64("ldrb w0,[x1,#3]", 0x39400c20, SHUNT_LOAD_FIRST);
    check_a64("ldrsw x0,[x1,x2]", 0xb8a26820, SHUNT_LOAD_FIRST);
    check_a64("ldr w0,[x1],#4", 0xb8404420, SHUNT_LOAD_FIRST);
    check_a64("ldr x0,.+8", 0x58000040, SHUNT_LOAD_FIRST);
    check_a64("ldur w0,[x1,#-1]", 0xb85ff020, SHUNT_LOAD_FIRST);
    check_a64("str x0,[x1]", 0xf9000020, SHUNT_STORE);
    check_a64("strb w0,[x1,x2]", 0x38226820, SHUNT_STORE);
    check_a64("ldp x0,x1,[x2],#16", 0xa8c10440, SHUNT_LOAD_DOUBLE);
    check_a64("stp x29,x30,[sp,#-16]!", 0xa9bf7bfd, SHUNT_STORE_DOUBLE);
    check_a64("ldr q0,[x0]", 0x3dc00000, SHUNT_VECTOR_LOAD);
    check_a64("ldr s0,[x0,#4]", 0xbd400400, SHUNT_VECTOR_LOAD);
    check_a64("ld1 {v0.16b},[x0]", 0x4c407000, SHUNT_VECTOR_LOAD);
    check_a64("ldp q0,q1,[x0]", 0xad400400, SHUNT_VECTOR_LOAD);
    check_a64("ldr d0,[x0],#8", 0xfc408400, SHUNT_VECTOR_LOAD);
    check_a64("str q0,[x0]", 0x3d800000, SHUNT_VECTOR_STORE);
    check_a64("st1 {v0.16b},[x0]", 0x4c007000, SHUNT_VECTOR_STORE);
    check_a64("str s0,[x0]", 0xbd000000, SHUNT_VECTOR_STORE);
    check_a64("mla v0.4s,v1.4s,v2.4s", 0x4ea29420, SHUNT_VECTOR_MAC);
    check_a64("smlal v0.4s,v1.4h,v2.4h", 0x0e628020, SHUNT_VECTOR_MAC);
    check_a64("sdot v0.4s,v1.16b,v2.16b", 0x4e829420, SHUNT_VECTOR_MAC);
    check_a64("smull v0.8h,v1.8b,v2.8b", 0x0e22c020, SHUNT_VECTOR_MAC);
    check_a64("fmla v0.4s,v1.4s,v2.4s", 0x4e22cc20, SHUNT_VECTOR_MAC);
    check_a64("mla v0.4s,v1.4s,v2.s[1]", 0x6fa20020, SHUNT_VECTOR_MAC);
    check_a64("sqdmulh v0.4s,v1.4s,v2.4s", 0x4ea2b420, SHUNT_VECTOR_MAC);
    check_a64("add v0.4s,v1.4s,v2.4s", 0x4ea28420, SHUNT_VECTOR_ALU);
    check_a64("dup v0.4s,w0", 0x4e040c00, SHUNT_VECTOR_ALU);
    check_a64("movi v0.4s,#1", 0x4f000420, SHUNT_VECTOR_ALU);
    check_a64("addv s0,v1.4s", 0x4eb1b820, SHUNT_VECTOR_ALU);
    check_a64("sshr v0.4s,v1.4s,#3", 0x4f3d0420, SHUNT_VECTOR_ALU);
    check_a64("saddl v0.4s,v1.4h,v2.4h", 0x0e620020, SHUNT_VECTOR_ALU);
    check_a64("ext v0.16b,v1.16b,v2.16b,#3", 0x6e021820, SHUNT_VECTOR_ALU);
    check_a64("fadd s0,s1,s2", 0x1e222820, SHUNT_FP);
    check_a64("scvtf s0,w0", 0x1e220000, SHUNT_FP);
    check_a64("fmov s0,w0", 0x1e270000, SHUNT_FP);
    check_a64("fcmp s0,s1", 0x1e212000, SHUNT_FP);
    check_a64("fmadd s0,s1,s2,s3", 0x1f020c20, SHUNT_FP_MAC);
    check_a64("fdiv s0,s1,s2", 0x1e221820, SHUNT_FP_DIVIDE);
    check_a64("b .", 0x14000000, SHUNT_BRANCH);
    check_a64("b.ne .", 0x54000001, SHUNT_BRANCH);
    check_a64("cbz x0,.", 0xb4000000, SHUNT_BRANCH);
    check_a64("bl .", 0x94000000, SHUNT_BRANCH);
    check_a64("ret", 0xd65f03c0, SHUNT_BRANCH);
    check_a64("br x0", 0xd61f0000, SHUNT_BRANCH);
    check_a64("tbz w0,#1,.", 0x36080000, SHUNT_BRANCH);
    check_a64("dmb sy", 0xd5033fbf, SHUNT_OTHER);
    check_a64("mrs x0,daif", 0xd53b4220, SHUNT_OTHER);
    check_a64("svc #0", 0xd4000001, SHUNT_OTHER);
    check_a64("wfi", 0xd503207f, SHUNT_OTHER);
    check_a64(".inst 0", 0x00000000, SHUNT_UNKNOWN);
}

int main(int argc, char **argv) {
    FILE *table = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (table == NULL) {
        fprintf(stderr, "usage: decode-test thumb-cases.txt\n");
        return 2;
    }
    char line[256];
    int cases = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        if (line[0] != '#' && line[0] != '\n') {
            check_line(line);
            cases++;
        }
    }
    fclose(table);
    check_pairs();
    check_a64_groups();
    printf("%d instructions, %d failures\n", cases, failures);
    return failures == 0 && cases > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

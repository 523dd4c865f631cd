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

/// The instruction that a line of a table begins with.
typedef shunt_instruction_t (*decoder_t)(const char *word, const char *second);

static shunt_instruction_t decode_thumb(const char *first, const char *second) {
    return shunt_decode_thumb((uint16_t)strtoul(first, NULL, 16),
                              (uint16_t)strtoul(second, NULL, 16)); // 0 for "----"
}

static shunt_instruction_t decode_a64(const char *word, const char *second) {
    (void)second;
    return shunt_decode_a64((uint32_t)strtoul(word, NULL, 16));
}

static void check_line(const char *line, decoder_t decode) {
    char first[12];
    char second[8] = "";
    unsigned words = 0;
    char name[32];
    char jumps[8];
    const int fields = decode == decode_thumb
                           ? sscanf(line, "%4s %7s %31s %u %7s", first, second, name, &words, jumps)
                           : 1 + sscanf(line, "%8s %31s %u %7s", first, name, &words, jumps);
    if (fields != 5) {
        printf("bad line: %s", line);
        failures++;
        return;
    }
    const shunt_instruction_t got = decode(first, second);
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

static void check_a64(const char *what, uint32_t before, uint32_t now, bool together,
                      bool uses_load) {
    const shunt_instruction_t a = shunt_decode_a64(before), b = shunt_decode_a64(now);
    bool uses = false;
    shunt_pair(&b, &a, &uses);
    if (shunt_issues_together(&b, &a) != together || uses != uses_load) {
        printf("%s -> %s, %s\n", what, uses ? "uses the load" : "-",
               shunt_issues_together(&b, &a) ? "together" : "one by one");
        failures++;
    }
}

static void check_a64_pairs(void) {
    check_a64("ldr w0,[x1]; add w2,w0,w3", 0xb9400020, 0x0b030002, false, true);
    check_a64("ldr w0,[x1]; add w2,w3,w4", 0xb9400020, 0x0b040062, true, false);
    check_a64("ldr w0,[x1]; ldr w5,[x1,#4]", 0xb9400020, 0xb9400425, false, false);
    check_a64("ldr q0,[x0]; add x0,x0,#16", 0x3dc00000, 0x91004000, true, false);
    check_a64("ldr d0,[x1],#8; add x1,x1,#1", 0xfc408420, 0x91000421, false, false);
    check_a64("mul w2,w3,w4; mul w5,w6,w7", 0x1b047c62, 0x1b077cc5, false, false);
    check_a64("mul w2,w3,w4; add w0,w5,w6", 0x1b047c62, 0x0b0600a0, true, false);
    check_a64("add w0,w1,w2; add w3,w0,w4", 0x0b020020, 0x0b040003, false, false);
    check_a64("add w0,w1,w2; add w0,w5,w6", 0x0b020020, 0x0b0600a0, false, false);
    check_a64("add w2,w3,w4; add w0,w5,w6", 0x0b040062, 0x0b0600a0, true, false);
    check_a64("add w2,w3,w4; b.ne .", 0x0b040062, 0x54000001, true, false);
    check_a64("add w0,w1,w2; cbz w0,.", 0x0b020020, 0x34000000, false, false);
    check_a64("b.ne .; add w0,w5,w6", 0x54000001, 0x0b0600a0, false, false);
    check_a64("ldr q0,[x0]; fmla v1.4s,v2.4s,v3.4s", 0x3dc00000, 0x4e23cc41, false, false);
    check_a64("add x0,x0,#16; fmla v1.4s,v2.4s,v3.4s", 0x91004000, 0x4e23cc41, true, false);
    check_a64("add v1.4s,v2.4s,v3.4s; fmla v1.4s,v2.4s,v3.4s", 0x4ea38441, 0x4e23cc41, false,
              false);
    check_a64("ldr d0,[x1],#8; smlal v4.4s,v5.4h,v6.4h", 0xfc408420, 0x0e6680a4, true, false);
    check_a64("smlal v4.4s,v5.4h,v6.4h; add v7.2s,v8.2s,v9.2s", 0x0e6680a4, 0x0ea98507, true,
              false);
    check_a64("dmb sy; add w0,w5,w6", 0xd5033fbf, 0x0b0600a0, false, false);
}

/// @return Cases of a table, 0 if it cannot be read.
static int check_table(const char *path, decoder_t decode) {
    FILE *table = fopen(path, "r");
    if (table == NULL) {
        return 0;
    }
    char line[256];
    int cases = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        if (line[0] != '#' && line[0] != '\n') {
            check_line(line, decode);
            cases++;
        }
    }
    fclose(table);
    return cases;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: decode-test thumb-cases.txt a64-cases.txt\n");
        return 2;
    }
    const int thumb = check_table(argv[1], decode_thumb);
    const int a64 = check_table(argv[2], decode_a64);
    check_pairs();
    check_a64_pairs();
    printf("%d instructions, %d failures\n", thumb + a64, failures);
    return failures == 0 && thumb > 0 && a64 > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

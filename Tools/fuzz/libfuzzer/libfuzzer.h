// SPDX-License-Identifier: Apache-2.0
//
// What is used of libFuzzer, which the compiler links with -sanitize=fuzzer.
#ifndef SHUNT_FUZZ_LIBFUZZER_H
#define SHUNT_FUZZ_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Fuzzes `test` as the command line says; returns the exit status.
int LLVMFuzzerRunDriver(int *count, char ***words, int (*test)(const uint8_t *bytes, size_t count));

#endif

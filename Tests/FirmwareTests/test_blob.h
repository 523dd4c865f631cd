// SPDX-License-Identifier: Apache-2.0
//
// A least blob, and kernels to run it: each step adds one to every byte.
#ifndef SHUNT_TEST_BLOB_H
#define SHUNT_TEST_BLOB_H

#include "shunt.h"

enum {
    TEST_ELEMENTS = 1500, ///< Of input and output: more than one frame carries.
    TEST_STEPS = 3,
    TEST_ARENA_BYTES = 2 * 1504,
    TEST_STEP_TICKS = 700,   ///< What a step takes on the test port's clock.
    TEST_STACK_BYTES = 3000, ///< What a step puts onto the stack.
    TEST_BLOB_BYTES = 528
};

/// Kernels for it. A step overwrites its input, as a planner may let it.
extern const shunt_kernel_table_t test_kernels;

/// Writes the blob.
/// @param flags Of its header. With SHUNT_BLOB_INPUT_SURVIVES the kernels leave the input alone.
/// @param bytes 16-byte aligned room for TEST_BLOB_BYTES.
void test_blob_make(uint32_t flags, uint8_t *bytes);

#endif

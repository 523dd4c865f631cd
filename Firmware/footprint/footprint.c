// SPDX-License-Identifier: Apache-2.0
//
// The least program that opens, binds and runs a blob: linked to measure what runtime and kernels
// take of flash (Firmware/CMakeLists.txt, shunt-footprint). Never run.
#include "shunt.h"
#include "shunt_board_kernels.h"
#include "shunt_firmware.h"

// Volatile: the compiler may assume nothing about the blob.
extern const void *volatile shunt_footprint_blob;
extern void *volatile shunt_footprint_arena;
extern volatile uint32_t shunt_footprint_bytes;
const void *volatile shunt_footprint_blob;
void *volatile shunt_footprint_arena;
volatile uint32_t shunt_footprint_bytes;

_Noreturn void shunt_firmware_main(void) {
    static shunt_model_t model;
    for (;;) {
        if (shunt_open(&model, shunt_footprint_blob, shunt_footprint_bytes, &shunt_board_kernels) ==
                SHUNT_OK &&
            shunt_bind(&model, shunt_footprint_arena, shunt_footprint_bytes) == SHUNT_OK) {
            shunt_run(&model);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200112L
#include "guarded_run.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>

void *allocate_aligned(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, SHUNT_BLOB_ALIGNMENT, bytes == 0 ? 1 : bytes) != 0) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(2);
    }
    return memory;
}

/// Forbids the arena but for the operands and the scratch of a step.
static void guard(const shunt_model_t *model, const shunt_blob_step_t *step) {
    ASAN_POISON_MEMORY_REGION(model->arena, shunt_arena_bytes(model));
    const uint32_t operands = (uint32_t)step->input_count + step->output_count;
    for (uint32_t i = 0; i < operands; i++) {
        const shunt_blob_tensor_t *tensor = &model->tensors[model->indices[step->operands + i]];
        if (tensor->storage != SHUNT_STORAGE_CONSTANT) {
            ASAN_UNPOISON_MEMORY_REGION(model->arena + tensor->offset, tensor->bytes);
        }
    }
    ASAN_UNPOISON_MEMORY_REGION(model->arena + step->scratch_offset, step->scratch_bytes);
}

void run_guarded(shunt_model_t *model) {
    for (uint32_t i = 0; i < shunt_step_count(model); i++) {
        guard(model, &model->steps[i]);
        shunt_run_step(model, i);
    }
    ASAN_UNPOISON_MEMORY_REGION(model->arena, shunt_arena_bytes(model));
}

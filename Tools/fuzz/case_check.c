// SPDX-License-Identifier: Apache-2.0
//
// case_check FILE...: runs operator vectors, as `fuzz-tool cases` packs them, under sanitizers, and
// compares what comes out with what comes out without them.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "all_kernels.h"
#include "guarded_run.h"

/// How a file begins; the blob, all inputs and all outputs follow.
typedef struct case_header {
    uint32_t blob_bytes, runs, input_bytes, output_bytes;
} case_header_t;

static const char *current;

static void require(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "case_check: %s: %s\n", current, what);
        exit(1);
    }
}

/// Reads a piece of the file into memory of just its size.
static uint8_t *read_piece(FILE *file, size_t bytes) {
    uint8_t *piece = allocate_aligned(bytes);
    require(fread(piece, 1, bytes, file) == bytes, "the file is too short");
    return piece;
}

static void run_once(shunt_model_t *model, const uint8_t *in, const uint8_t *out) {
    for (uint32_t i = 0; i < model->input_count; i++) {
        const size_t bytes = shunt_input(model, i)->bytes;
        memcpy(shunt_input_data(model, i), in, bytes);
        in += bytes;
    }
    run_guarded(model);
    for (uint32_t i = 0; i < model->output_count; i++) {
        const size_t bytes = shunt_output(model, i)->bytes;
        require(memcmp(shunt_output_data(model, i), out, bytes) == 0, "other bits");
        out += bytes;
    }
}

static void check_sizes(const shunt_model_t *model, const case_header_t *header) {
    size_t in = 0, out = 0;
    for (uint32_t i = 0; i < model->input_count; i++) {
        in += shunt_input(model, i)->bytes;
    }
    for (uint32_t i = 0; i < model->output_count; i++) {
        out += shunt_output(model, i)->bytes;
    }
    require(in == header->input_bytes && out == header->output_bytes, "sizes do not fit");
}

static void check_case(FILE *file) {
    case_header_t header;
    require(fread(&header, sizeof header, 1, file) == 1, "the file is too short");
    uint8_t *blob = read_piece(file, header.blob_bytes);
    uint8_t *inputs = read_piece(file, (size_t)header.runs * header.input_bytes);
    uint8_t *outputs = read_piece(file, (size_t)header.runs * header.output_bytes);
    shunt_model_t model;
    const shunt_status_t status = shunt_open(&model, blob, header.blob_bytes, all_kernels());
    require(status == SHUNT_OK, shunt_status_text(status));
    check_sizes(&model, &header);
    void *arena = allocate_aligned(shunt_arena_bytes(&model));
    require(shunt_bind(&model, arena, shunt_arena_bytes(&model)) == SHUNT_OK, "not bound");
    for (size_t run = 0; run < header.runs; run++) {
        run_once(&model, inputs + run * header.input_bytes, outputs + run * header.output_bytes);
    }
    free(arena);
    free(outputs);
    free(inputs);
    free(blob);
}

int main(int count, char **words) {
    for (int i = 1; i < count; i++) {
        current = words[i];
        FILE *file = fopen(current, "rb");
        require(file != NULL, "cannot be opened");
        check_case(file);
        fclose(file);
    }
    printf("case_check: %d cases\n", count - 1);
    return count > 1 ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
//
// Spoils blobs at random, makes their CRC right again, and opens and runs what the runtime accepts.
// Blob and arena are allocated to the byte: under AddressSanitizer, whatever reads or writes
// outside of them ends the program.
//
//     blob_fuzz ITERATIONS [SEED [BLOB...]]
//
// Without blobs it starts from one that uses every kernel. The same arguments give the same run.
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample_blob.h"
#include "shunt_kernels_portable.h"

enum {
    SAMPLE_CAPACITY = 8192,
    MAX_ARENA_GROWTH = 32768 ///< A larger arena only takes longer.
};

static uint64_t random_state;

static uint32_t next_random(void) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33);
}

static uint32_t below(uint32_t limit) {
    return next_random() % limit;
}

static void *allocate(size_t bytes) {
    void *memory = NULL;
    if (posix_memalign(&memory, SHUNT_BLOB_ALIGNMENT, bytes == 0 ? 1 : bytes) != 0) {
        fprintf(stderr, "blob_fuzz: no memory for %zu bytes\n", bytes);
        exit(2);
    }
    return memory;
}

/// A number that tends to lie on the wrong side of some border.
static uint32_t awkward_number(uint32_t present, uint32_t blob_bytes) {
    static const uint32_t borders[] = {
        0,       1,       2,          7,          15,         16,         17,
        127,     128,     255,        256,        0x7FFF,     0x8000,     0xFFFF,
        0x10000, 0x10001, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    switch (below(6)) {
    case 0:
        return borders[below(sizeof borders / sizeof borders[0])];
    case 1:
        return present + 1 - 2 * below(2);
    case 2:
        return present + 16 - 32 * below(2);
    case 3:
        return below(blob_bytes) & ~15u;
    case 4:
        return below(64);
    default:
        return next_random() << 1;
    }
}

/// Changes one number, of 1, 2 or 4 bytes, somewhere behind magic and version.
static void spoil(uint8_t *blob, uint32_t bytes) {
    const uint32_t width = 1u << below(3);
    const uint32_t offset = 20 + below((bytes - 20) / width) * width;
    uint32_t number = 0;
    memcpy(&number, blob + offset, width);
    number = awkward_number(number, bytes);
    memcpy(blob + offset, &number, width);
}

static void refresh_crc(uint8_t *blob, uint32_t bytes) {
    const uint32_t crc = shunt_crc32(0, blob + SHUNT_BLOB_CRC_START, bytes - SHUNT_BLOB_CRC_START);
    memcpy(blob + offsetof(shunt_blob_header_t, crc32), &crc, sizeof crc);
}

/// Runs an accepted blob twice, with a reset in between; returns a sum over its outputs.
static uint32_t run(shunt_model_t *model, uint32_t arena_limit) {
    const size_t arena_bytes = shunt_arena_bytes(model);
    if (arena_bytes > arena_limit) {
        return 0;
    }
    void *arena = allocate(arena_bytes);
    memset(arena, 0x55, arena_bytes);
    uint32_t sum = (uint32_t)shunt_bind(model, arena, arena_bytes);
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < model->input_count; i++) {
            memset(shunt_input_data(model, i), 40 + turn, shunt_input(model, i)->bytes);
        }
        shunt_run(model);
        for (uint32_t i = 0; i < model->output_count; i++) {
            sum = shunt_crc32(sum, shunt_output_data(model, i), shunt_output(model, i)->bytes);
        }
        shunt_reset(model);
    }
    // Every name must end inside the blob.
    for (uint32_t i = 0; i < model->step_count; i++) {
        sum += (uint32_t)strlen(model->strings + model->steps[i].name);
    }
    free(arena);
    return sum;
}

/// Spoils a copy of `seed` `iterations` times; returns how many copies were accepted.
static uint64_t fuzz(const uint8_t *seed, uint32_t bytes, uint64_t iterations) {
    shunt_blob_header_t header;
    memcpy(&header, seed, sizeof header);
    const uint32_t arena_limit = header.arena_bytes + MAX_ARENA_GROWTH;
    uint64_t accepted = 0;
    uint32_t sum = 0;
    uint8_t *blob = allocate(bytes);
    for (uint64_t i = 0; i < iterations; i++) {
        memcpy(blob, seed, bytes);
        // The first one is whole: a seed that is refused would test nothing.
        for (uint32_t n = i == 0 ? 0 : 1 + below(4); n > 0; n--) {
            spoil(blob, bytes);
        }
        refresh_crc(blob, bytes);
        shunt_model_t model;
        const shunt_status_t status = shunt_open(&model, blob, bytes, &shunt_kernels_portable);
        if (status == SHUNT_OK) {
            accepted++;
            sum += run(&model, arena_limit);
        } else if (i == 0) {
            fprintf(stderr, "blob_fuzz: the seed is refused: %s (at %" PRIu32 ")\n",
                    shunt_status_text(status), model.failed_step);
            exit(2);
        }
    }
    free(blob);
    printf("%" PRIu64 " blobs of %" PRIu32 " bytes: %" PRIu64 " accepted (outputs %08" PRIX32 ")\n",
           iterations, bytes, accepted, sum);
    return accepted;
}

static void fuzz_file(const char *path, uint64_t iterations) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    const long bytes = ftell(file);
    rewind(file);
    if (bytes < (long)sizeof(shunt_blob_header_t) || bytes > SHUNT_MAX_BYTES) {
        fprintf(stderr, "blob_fuzz: %s is no blob\n", path);
        exit(2);
    }
    uint8_t *seed = allocate((size_t)bytes);
    if (fread(seed, 1, (size_t)bytes, file) != (size_t)bytes) {
        perror(path);
        exit(2);
    }
    fclose(file);
    fuzz(seed, (uint32_t)bytes, iterations);
    free(seed);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: blob_fuzz ITERATIONS [SEED [BLOB...]]\n");
        return 2;
    }
    char *end = NULL;
    const uint64_t iterations = strtoull(argv[1], &end, 10);
    if (iterations == 0 || *end != '\0') {
        fprintf(stderr, "blob_fuzz: '%s' is no number of iterations\n", argv[1]);
        return 2;
    }
    random_state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (int i = 3; i < argc; i++) {
        fuzz_file(argv[i], iterations);
    }
    if (argc <= 3) {
        uint8_t *seed = allocate(SAMPLE_CAPACITY);
        const size_t bytes = sample_blob(seed, SAMPLE_CAPACITY);
        const uint64_t accepted = fuzz(seed, (uint32_t)bytes, iterations);
        free(seed);
        // Both must happen often, or the run has shown little.
        if (iterations >= 1000 && (accepted < iterations / 50 || accepted > iterations * 49 / 50)) {
            fprintf(stderr, "blob_fuzz: too few or too many blobs were accepted\n");
            return 1;
        }
    }
    return 0;
}

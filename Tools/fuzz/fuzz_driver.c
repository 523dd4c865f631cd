// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz target without a fuzzing engine, for compilers that bring none:
//
//     agent_fuzz SECONDS [SEED]     random inputs and mutations of them
//     agent_fuzz FILE...            these inputs
//
// A target is LLVMFuzzerTestOneInput, so that clang's engine takes it as it is:
// clang -fsanitize=fuzzer,address,undefined, without this file.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BYTES = 4096, CORPUS = 64 };

static uint64_t state;

static uint32_t next(void) { // xorshift64*
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545F4914F6CDD1Dull) >> 32);
}

static uint32_t below(uint32_t limit) {
    return next() % limit;
}

typedef struct entry {
    uint8_t bytes[MAX_BYTES];
    size_t count;
} entry_t;

static entry_t corpus[CORPUS];

static void fill(entry_t *entry) {
    entry->count = below(next() % 4 == 0 ? MAX_BYTES : 256);
    for (size_t i = 0; i < entry->count; i++) {
        entry->bytes[i] = (uint8_t)(next() % 3 == 0 ? below(8) : next());
    }
}

static void mutate(entry_t *entry) {
    static const uint8_t interesting[] = {0, 1, 0x7F, 0x80, 0xFF, 4, 16, 0x20, 0x23};
    for (uint32_t changes = 1 + below(8); changes > 0 && entry->count > 0; changes--) {
        const size_t at = below((uint32_t)entry->count);
        const size_t piece = 1 + below(64);
        switch (below(5)) {
        case 0:
            entry->bytes[at] ^= (uint8_t)(1u << below(8));
            break;
        case 1:
            entry->bytes[at] = interesting[below(sizeof interesting)];
            break;
        case 2: // leave out
            if (at + piece < entry->count) {
                memmove(entry->bytes + at, entry->bytes + at + piece, entry->count - at - piece);
                entry->count -= piece;
            }
            break;
        case 3: // repeat
            if (at + piece < entry->count && entry->count + piece <= MAX_BYTES) {
                memmove(entry->bytes + at + piece, entry->bytes + at, entry->count - at);
                entry->count += piece;
            }
            break;
        default:
            entry->bytes[at] = (uint8_t)next();
            break;
        }
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run_random(double limit, uint64_t seed) {
    state = seed * 0x9E3779B97F4A7C15ull + 1;
    for (size_t i = 0; i < CORPUS; i++) {
        fill(&corpus[i]);
    }
    const double end = seconds() + limit;
    unsigned long executions = 0;
    for (; seconds() < end; executions++) {
        static entry_t trial;
        trial = corpus[below(CORPUS)];
        if (next() % 16 == 0) {
            fill(&trial);
        } else {
            mutate(&trial);
        }
        LLVMFuzzerTestOneInput(trial.bytes, trial.count);
        corpus[below(CORPUS)] = trial;
    }
    printf("%lu executions in %.0f s, seed %llu\n", executions, limit, (unsigned long long)seed);
}

static void run_file(const char *path) {
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    const size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, count);
}

int main(int count, char **words) {
    char *end = NULL;
    const double limit = count > 1 ? strtod(words[1], &end) : 5;
    if (end == NULL || *end == '\0') {
        run_random(limit, count > 2 ? strtoull(words[2], NULL, 10) : 1);
        return 0;
    }
    for (int i = 1; i < count; i++) {
        run_file(words[i]);
    }
    return 0;
}

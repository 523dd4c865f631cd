// SPDX-License-Identifier: Apache-2.0
//
// Blobs into the runtime: opens them, and runs what it accepts. Blob and arena are allocated to the
// byte, and a step can only touch its own tensors in the arena: under AddressSanitizer, whatever
// reads or writes outside ends the program.
//
// A mutation changes numbers of the format's records, of kernel parameters and of shapes, some of
// them consistently, and makes the CRC right again, so that much of it is accepted.
//
// SHUNT_FUZZ_WHOLE=1: the inputs are blobs of the packer. Each must be accepted, and what it
// computes must not depend on what the arena held before.
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "all_kernels.h"
#include "guarded_run.h"
#include "sample_blob.h"
#include "shunt_blob.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_ARENA = 16384 }; // a larger one only takes longer

static bool whole_seeds;
static uint64_t opened, accepted;

static void report(void) {
    printf("runtime_fuzz: %" PRIu64 " blobs, %" PRIu64 " accepted\n", opened, accepted);
}

int LLVMFuzzerInitialize(int *count, char ***words) {
    (void)count;
    (void)words;
    whole_seeds = getenv("SHUNT_FUZZ_WHOLE") != NULL;
    atexit(report);
    return 0;
}

// Running ---------------------------------------------------------------------------------------

static void require(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "runtime_fuzz: %s\n", what);
        abort();
    }
}

static void fill_activations(const shunt_model_t *model, uint8_t byte) {
    const shunt_blob_header_t *header = model->header;
    const uint32_t state_end = header->state_offset + header->state_bytes;
    memset(model->arena, byte, header->state_offset);
    memset(model->arena + state_end, byte, header->arena_bytes - state_end);
}

/// Runs an accepted blob twice from its reset, the arena filled with `fill`; returns a sum over its
/// outputs.
static uint32_t run_twice(shunt_model_t *model, uint8_t fill) {
    uint32_t sum = 0;
    shunt_reset(model);
    fill_activations(model, fill);
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < model->input_count; i++) {
            memset(shunt_input_data(model, i), 40 + turn, shunt_input(model, i)->bytes);
        }
        run_guarded(model);
        for (uint32_t i = 0; i < model->output_count; i++) {
            sum = shunt_crc32(sum, shunt_output_data(model, i), shunt_output(model, i)->bytes);
        }
    }
    return sum;
}

static void run(shunt_model_t *model) {
    const size_t arena_bytes = shunt_arena_bytes(model);
    if (arena_bytes > MAX_ARENA) {
        return;
    }
    void *arena = allocate_aligned(arena_bytes);
    memset(arena, 0x55, arena_bytes);
    require(shunt_bind(model, arena, arena_bytes) == SHUNT_OK, "an opened model cannot be bound");
    const uint32_t sum = run_twice(model, 0x55);
    if (whole_seeds) {
        require(sum == run_twice(model, 0xAA), "the result depends on what the arena held before");
    }
    size_t length = 0; // every name must end inside the blob
    for (uint32_t i = 0; i < model->step_count; i++) {
        length += strlen(model->strings + model->steps[i].name);
    }
    require(length <= (size_t)model->step_count * model->header->total_bytes, "names are longer");
    free(arena);
}

static void refresh_crc(uint8_t *blob, size_t bytes) {
    shunt_blob_header_t header;
    if (bytes < sizeof header) {
        return;
    }
    memcpy(&header, blob, sizeof header);
    const size_t end = header.total_bytes < bytes ? header.total_bytes : bytes;
    if (end >= sizeof header) {
        header.crc32 = shunt_crc32(0, blob + SHUNT_BLOB_CRC_START, end - SHUNT_BLOB_CRC_START);
        memcpy(blob, &header, sizeof header);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *blob = allocate_aligned(size);
    memcpy(blob, data, size);
    if (!whole_seeds) {
        refresh_crc(blob, size);
    }
    shunt_model_t model;
    const shunt_status_t status = shunt_open(&model, blob, size, all_kernels());
    opened++;
    if (status == SHUNT_OK) {
        accepted++;
        run(&model);
    } else {
        require(!whole_seeds, shunt_status_text(status));
    }
    free(blob);
    return status == SHUNT_OK ? 0 : -1; // what is refused is no start for further mutations
}

// Mutating --------------------------------------------------------------------------------------

static uint64_t random_state;

static uint32_t below(uint32_t limit) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % limit;
}

/// A blob being spoilt, and where its sections lie; a section that lies nowhere has 0 bytes.
typedef struct patient {
    uint8_t *bytes;
    uint32_t size;
    uint32_t start[SHUNT_SECTION_METADATA + 1], count[SHUNT_SECTION_METADATA + 1];
} patient_t;

static uint32_t word_at(const patient_t *blob, uint32_t offset) {
    uint32_t word = 0;
    if (offset <= blob->size - 4) {
        memcpy(&word, blob->bytes + offset, 4);
    }
    return word;
}

static void put_word(patient_t *blob, uint32_t offset, uint32_t word) {
    if (offset <= blob->size - 4) {
        memcpy(blob->bytes + offset, &word, 4);
    }
}

static patient_t examine(uint8_t *bytes, size_t size) {
    patient_t blob = {.bytes = bytes, .size = (uint32_t)size};
    shunt_blob_header_t header;
    memcpy(&header, bytes, sizeof header);
    for (uint32_t i = 0; i < header.section_count && i < SHUNT_MAX_SECTIONS; i++) {
        shunt_blob_section_t section;
        const size_t at = sizeof header + i * sizeof section;
        if (at + sizeof section > size) {
            break;
        }
        memcpy(&section, bytes + at, sizeof section);
        if (section.kind <= SHUNT_SECTION_METADATA && section.offset <= size &&
            section.bytes <= size - section.offset) {
            blob.start[section.kind] = section.offset;
            blob.count[section.kind] = section.bytes;
        }
    }
    return blob;
}

/// A number that tends to lie on the wrong side of some border.
static uint32_t awkward_number(uint32_t present, uint32_t limit) {
    static const uint32_t borders[] = {
        0,       1,       2,          7,          15,         16,         17,
        127,     128,     255,        256,        0x7FFF,     0x8000,     0xFFFF,
        0x10000, 0x10001, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    switch (below(7)) {
    case 0:
        return borders[below(sizeof borders / sizeof borders[0])];
    case 1:
        return present + 1 - 2 * below(2);
    case 2:
        return present + 16 - 32 * below(2);
    case 3:
        return below(limit) & ~15u;
    case 4:
        return below(64);
    case 5:
        return present ^ 1u << below(32);
    default:
        return below(0x7FFFFFFF) << 1;
    }
}

/// Changes one number of 1, 2 or 4 bytes somewhere in `count` bytes from `start`.
static void spoil(patient_t *blob, uint32_t start, uint32_t count) {
    const uint32_t width = 1u << below(3);
    if (start > blob->size || count > blob->size - start || count < width) {
        return;
    }
    const uint32_t at = start + below(count / width) * width;
    uint32_t number = 0;
    memcpy(&number, blob->bytes + at, width);
    number = awkward_number(number, blob->size);
    memcpy(blob->bytes + at, &number, width);
}

/// Changes a number of some record; each kind as often as the others, however few bytes it has.
static void spoil_record(patient_t *blob) {
    const uint32_t kind = below(SHUNT_SECTION_METADATA + 1);
    spoil(blob, blob->start[kind], blob->count[kind]);
}

static uint32_t any_record(const patient_t *blob, uint32_t kind, uint32_t bytes) {
    const uint32_t count = blob->count[kind] / bytes;
    return count == 0 ? blob->size : blob->start[kind] + below(count) * bytes;
}

/// Changes a word of the parameters of some step.
static void spoil_parameters(patient_t *blob) {
    const uint32_t step = any_record(blob, SHUNT_SECTION_STEPS, sizeof(shunt_blob_step_t));
    spoil(blob, word_at(blob, step + offsetof(shunt_blob_step_t, params_offset)),
          word_at(blob, step + offsetof(shunt_blob_step_t, params_bytes)));
}

/// Replaces `old` by `new` in the parameters of all steps, or of some.
static void replace_in_parameters(patient_t *blob, uint32_t old, uint32_t new) {
    const uint32_t steps = blob->count[SHUNT_SECTION_STEPS] / sizeof(shunt_blob_step_t);
    const uint32_t odds = below(3);
    for (uint32_t i = 0; i < steps && i < 16; i++) {
        const uint32_t step =
            blob->start[SHUNT_SECTION_STEPS] + i * (uint32_t)sizeof(shunt_blob_step_t);
        const uint32_t at = word_at(blob, step + offsetof(shunt_blob_step_t, params_offset));
        const uint32_t bytes = word_at(blob, step + offsetof(shunt_blob_step_t, params_bytes));
        for (uint32_t k = 0; k + 4 <= bytes && k < 256; k += 4) {
            if (at <= blob->size && at + k <= blob->size - 4 && word_at(blob, at + k) == old &&
                below(3) >= odds) {
                put_word(blob, at + k, new);
            }
        }
    }
}

/// Changes a dimension together with its tensors' sizes and, perhaps, the parameters that repeat
/// it: what the checks compare with each other stays equal.
static void reshape(patient_t *blob) {
    const uint32_t chosen = any_record(blob, SHUNT_SECTION_TENSORS, sizeof(shunt_blob_tensor_t));
    if (chosen > blob->size - sizeof(shunt_blob_tensor_t)) {
        return;
    }
    shunt_blob_tensor_t tensor;
    memcpy(&tensor, blob->bytes + chosen, sizeof tensor);
    if (tensor.rank == 0 || tensor.rank > SHUNT_MAX_RANK || tensor.dims > blob->size / 4) {
        return;
    }
    const uint32_t at = blob->start[SHUNT_SECTION_INDICES] + 4 * (tensor.dims + below(tensor.rank));
    const uint32_t old = word_at(blob, at);
    const uint32_t new = below(2) == 0 ? 1 + below(8) : old + 1 - 2 * below(2);
    if (old == 0 || new == 0) {
        return;
    }
    for (uint32_t i = 0; i + sizeof tensor <= blob->count[SHUNT_SECTION_TENSORS];
         i += (uint32_t)sizeof tensor) {
        const uint32_t place = blob->start[SHUNT_SECTION_TENSORS] + i;
        shunt_blob_tensor_t other;
        memcpy(&other, blob->bytes + place, sizeof other);
        if (place == chosen || (other.dims == tensor.dims && other.rank == tensor.rank)) {
            other.bytes = (uint32_t)((uint64_t)other.bytes / old * new);
            memcpy(blob->bytes + place, &other, sizeof other);
        }
    }
    put_word(blob, at, new);
    replace_in_parameters(blob, old, new);
}

/// Gives a tensor another place in the arena: that of another tensor, or any, aligned more often
/// than not.
static void move_tensor(patient_t *blob) {
    const uint32_t tensor = any_record(blob, SHUNT_SECTION_TENSORS, sizeof(shunt_blob_tensor_t));
    const uint32_t other = any_record(blob, SHUNT_SECTION_TENSORS, sizeof(shunt_blob_tensor_t));
    const uint32_t arena = word_at(blob, offsetof(shunt_blob_header_t, arena_bytes));
    const uint32_t field = (uint32_t)offsetof(shunt_blob_tensor_t, offset);
    put_word(blob, tensor + field,
             below(2) == 0 ? word_at(blob, other + field) : below(arena % MAX_ARENA + 32) & ~15u);
}

/// Bytes of an element; 0 for a type that has no whole number of them.
static uint32_t element_bytes(uint32_t type) {
    static const uint8_t bytes[] = {
        [SHUNT_TYPE_S8] = 1,  [SHUNT_TYPE_U8] = 1, [SHUNT_TYPE_S16] = 2,  [SHUNT_TYPE_S32] = 4,
        [SHUNT_TYPE_F32] = 4, [SHUNT_TYPE_S4] = 0, [SHUNT_TYPE_BOOL] = 1, [SHUNT_TYPE_S64] = 8};
    return type < sizeof bytes ? bytes[type] : 0;
}

/// Gives a tensor another type, the place that it then needs, and the model's inputs and outputs
/// that type.
static void retype_tensor(patient_t *blob, uint32_t index, uint32_t type) {
    const uint32_t at =
        blob->start[SHUNT_SECTION_TENSORS] + index * (uint32_t)sizeof(shunt_blob_tensor_t);
    shunt_blob_tensor_t tensor;
    memcpy(&tensor, blob->bytes + at, sizeof tensor);
    if (element_bytes(tensor.type) == 0 || tensor.bytes > MAX_ARENA ||
        tensor.storage != SHUNT_STORAGE_ARENA) {
        return;
    }
    const uint32_t arena = word_at(blob, offsetof(shunt_blob_header_t, arena_bytes));
    tensor.bytes = tensor.bytes / element_bytes(tensor.type) * element_bytes(type);
    tensor.type = (uint8_t)type;
    tensor.offset = arena;
    memcpy(blob->bytes + at, &tensor, sizeof tensor);
    put_word(blob, offsetof(shunt_blob_header_t, arena_bytes),
             arena + ((tensor.bytes + 15) & ~15u));
    for (uint32_t kind = SHUNT_SECTION_INPUTS; kind <= SHUNT_SECTION_OUTPUTS; kind++) {
        const uint32_t io_bytes = (uint32_t)sizeof(shunt_blob_io_t);
        for (uint32_t i = 0; i + io_bytes <= blob->count[kind]; i += io_bytes) {
            shunt_blob_io_t io;
            memcpy(&io, blob->bytes + blob->start[kind] + i, io_bytes);
            if (io.tensor == index && io.host_op == SHUNT_HOST_NONE) {
                io.external_type = (uint8_t)type;
                memcpy(blob->bytes + blob->start[kind] + i, &io, io_bytes);
            }
        }
    }
}

/// Gives one type to all tensors of a type, or to some of them.
static void retype(patient_t *blob) {
    const uint32_t record = (uint32_t)sizeof(shunt_blob_tensor_t);
    const uint32_t chosen = any_record(blob, SHUNT_SECTION_TENSORS, record);
    const uint32_t type = 1 + below(SHUNT_TYPE_S64);
    if (chosen > blob->size - record || element_bytes(type) == 0) {
        return;
    }
    const uint32_t field = (uint32_t)offsetof(shunt_blob_tensor_t, type);
    const uint8_t old = blob->bytes[chosen + field];
    const uint32_t odds = below(3);
    for (uint32_t i = 0; i < blob->count[SHUNT_SECTION_TENSORS] / record; i++) {
        const uint32_t at = blob->start[SHUNT_SECTION_TENSORS] + i * record;
        if (at == chosen || (blob->bytes[at + field] == old && below(3) >= odds)) {
            retype_tensor(blob, i, type);
        }
    }
}

static void grow_arena(patient_t *blob) {
    const uint32_t arena = word_at(blob, offsetof(shunt_blob_header_t, arena_bytes));
    put_word(blob, offsetof(shunt_blob_header_t, arena_bytes), arena + 16 * below(32));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
    random_state = seed * 0x9E3779B97F4A7C15u + 1;
    if (size < sizeof(shunt_blob_header_t) || below(64) == 0) {
        const size_t sample = sample_blob(data, max_size);
        if (sample == 0) {
            return size;
        }
        size = sample;
    }
    patient_t blob = examine(data, size);
    for (uint32_t changes = 1 + below(2) * below(4); changes > 0; changes--) {
        switch (below(9)) {
        case 0:
            spoil(&blob, SHUNT_BLOB_CRC_START, (uint32_t)size - SHUNT_BLOB_CRC_START);
            break;
        case 1:
        case 2:
            spoil_record(&blob);
            break;
        case 3:
        case 4:
            spoil_parameters(&blob);
            break;
        case 5:
            move_tensor(&blob);
            break;
        case 6:
            grow_arena(&blob);
            break;
        case 7:
            retype(&blob);
            break;
        default:
            reshape(&blob);
            break;
        }
    }
    return size;
}

// SPDX-License-Identifier: Apache-2.0
#include "test_blob.h"

#include <string.h>

#include "shunt_kernel.h"
#include "test_port.h"

enum { KERNEL_ID = 200 };

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_blob_tensor_t *in = shunt_operand(call, 0), *out = shunt_operand(call, 1);
    return call->step->input_count == 1 && call->step->output_count == 1 && in->bytes == out->bytes
               ? SHUNT_OK
               : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    test_port.ticks += TEST_STEP_TICKS;
    volatile uint8_t deep[TEST_STACK_BYTES];
    deep[0] = 1;
    const uint32_t bytes = shunt_operand(call, 0)->bytes;
    uint8_t *in = call->model->arena + shunt_operand(call, 0)->offset;
    uint8_t *out = shunt_operand_out(call, 0);
    for (uint32_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(in[i] + deep[0]);
    }
    if (in != out && (call->model->header->flags & SHUNT_BLOB_INPUT_SURVIVES) == 0) {
        memset(in, 0xEE, bytes);
    }
}

static const shunt_kernel_t add_one = {
    .id = KERNEL_ID,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "add_one",
    .check = check,
    .run = run,
};

static const shunt_kernel_t *const kernels[] = {&add_one};

const shunt_kernel_table_t test_kernels = {kernels, 1};

typedef struct image {
    shunt_blob_header_t header;
    shunt_blob_section_t sections[8];
    char strings[16];
    shunt_blob_tensor_t tensors[2];
    shunt_blob_kernel_t kernels[2]; // the second is padding
    uint32_t indices[4];
    shunt_blob_io_t input, output;
    uint8_t constants[16];
    shunt_blob_step_t steps[TEST_STEPS];
} image_t;

_Static_assert(sizeof(image_t) == TEST_BLOB_BYTES, "layout");

static shunt_blob_section_t section(shunt_section_kind_t kind, size_t offset, size_t bytes) {
    return (shunt_blob_section_t){(uint32_t)kind, (uint32_t)offset, (uint32_t)bytes,
                                  SHUNT_SECTION_REQUIRED};
}

static shunt_blob_tensor_t tensor(uint32_t offset, uint16_t first_step, uint16_t last_step) {
    return (shunt_blob_tensor_t){.type = SHUNT_TYPE_S8,
                                 .rank = 1,
                                 .storage = SHUNT_STORAGE_ARENA,
                                 .dims = 0,
                                 .offset = offset,
                                 .bytes = TEST_ELEMENTS,
                                 .scale = 1.0f,
                                 .first_step = first_step,
                                 .last_step = last_step};
}

void test_blob_make(uint32_t flags, uint8_t *bytes) {
    image_t image = {
        .header = {.magic = {'S', 'H', 'U', 'N', 'T', 'B', 'L', 'B'},
                   .version_major = SHUNT_BLOB_VERSION_MAJOR,
                   .total_bytes = sizeof image,
                   .flags = flags,
                   .arena_bytes = TEST_ARENA_BYTES,
                   .section_count = 8,
                   .sections_offset = sizeof(shunt_blob_header_t),
                   .kernel_set = SHUNT_SET_PORTABLE,
                   .graph_sha256 = {1, 2, 3}},
        .sections =
            {section(SHUNT_SECTION_STRINGS, offsetof(image_t, strings), 1),
             section(SHUNT_SECTION_TENSORS, offsetof(image_t, tensors), sizeof image.tensors),
             section(SHUNT_SECTION_KERNELS, offsetof(image_t, kernels), sizeof image.kernels[0]),
             section(SHUNT_SECTION_INDICES, offsetof(image_t, indices), sizeof image.indices),
             section(SHUNT_SECTION_INPUTS, offsetof(image_t, input), sizeof image.input),
             section(SHUNT_SECTION_OUTPUTS, offsetof(image_t, output), sizeof image.output),
             section(SHUNT_SECTION_CONSTANTS, offsetof(image_t, constants), sizeof image.constants),
             section(SHUNT_SECTION_STEPS, offsetof(image_t, steps), sizeof image.steps)},
        .tensors = {tensor(0, 0, TEST_STEPS), tensor(1504, 0, TEST_STEPS)},
        .kernels = {{.id = KERNEL_ID, .set = SHUNT_SET_PORTABLE, .version = 1}},
        // One dimension; then input and output of step 0, and of the steps after it.
        .indices = {TEST_ELEMENTS, 0, 1, 1},
        .input = {.tensor = 0, .external_type = SHUNT_TYPE_S8},
        .output = {.tensor = 1, .external_type = SHUNT_TYPE_S8},
    };
    for (uint32_t i = 0; i < TEST_STEPS; i++) {
        image.steps[i] = (shunt_blob_step_t){.input_count = 1,
                                             .output_count = 1,
                                             .operands = i == 0 ? 1 : 2,
                                             .params_offset = offsetof(image_t, constants)};
    }
    memcpy(bytes, &image, sizeof image);
    image.header.crc32 =
        shunt_crc32(0, bytes + SHUNT_BLOB_CRC_START, sizeof image - SHUNT_BLOB_CRC_START);
    memcpy(bytes, &image, sizeof image);
}

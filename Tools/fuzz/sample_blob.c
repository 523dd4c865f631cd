// SPDX-License-Identifier: Apache-2.0
#include "sample_blob.h"

#include <string.h>

#include "shunt_blob.h"
#include "shunt_params.h"

enum { MAX_RECORDS = 32, MAX_INDICES = 256, MAX_CONSTANTS = 4096, SECTIONS = 9 };
enum { CONSTANTS_OFFSET = sizeof(shunt_blob_header_t) + SECTIONS * sizeof(shunt_blob_section_t) };

/// A blob in the making. CONSTANTS is the first section, so that its blob offset is known.
typedef struct builder {
    shunt_blob_tensor_t tensors[MAX_RECORDS];
    shunt_blob_step_t steps[MAX_RECORDS];
    shunt_blob_kernel_t kernels[MAX_RECORDS];
    uint32_t indices[MAX_INDICES];
    uint8_t constants[MAX_CONSTANTS];
    uint32_t tensor_count, step_count, kernel_count, index_count, constants_bytes, arena_bytes;
} builder_t;

static uint32_t add_constant(builder_t *b, const void *bytes, size_t count) {
    const uint32_t offset = (b->constants_bytes + 15u) & ~15u;
    memcpy(b->constants + offset, bytes, count);
    b->constants_bytes = offset + (uint32_t)count;
    return CONSTANTS_OFFSET + offset;
}

/// Adds bytes that look like weights.
static uint32_t add_weights(builder_t *b, size_t count) {
    uint8_t weights[256];
    for (size_t i = 0; i < count; i++) {
        weights[i] = (uint8_t)(i * 37 + 11);
    }
    return add_constant(b, weights, count);
}

static uint32_t add_channels(builder_t *b, uint32_t count) {
    shunt_channel_t channels[16];
    for (uint32_t i = 0; i < count; i++) {
        channels[i] = (shunt_channel_t){(int32_t)i * 100, 0x5A000000 + (int32_t)i, -8};
    }
    return add_constant(b, channels, count * sizeof channels[0]);
}

/// Adds an int8 activation of shape [1, height, width, channels]; its life is filled in by
/// add_step.
static uint32_t add_tensor(builder_t *b, uint32_t height, uint32_t width, uint32_t channels) {
    const uint32_t dims[] = {1, height, width, channels};
    const uint32_t bytes = height * width * channels;
    b->tensors[b->tensor_count] = (shunt_blob_tensor_t){
        .type = SHUNT_TYPE_S8,
        .rank = 4,
        .storage = SHUNT_STORAGE_ARENA,
        .dims = b->index_count,
        .offset = b->arena_bytes,
        .bytes = bytes,
        .scale = 0.5f,
        .first_step = (uint16_t)b->step_count,
        .last_step = (uint16_t)b->step_count,
    };
    memcpy(b->indices + b->index_count, dims, sizeof dims);
    b->index_count += 4;
    b->arena_bytes += (bytes + 15u) & ~15u;
    return b->tensor_count++;
}

/// Adds a step of a kernel of its own; `inputs` names its inputs, `count` of them.
static void add_step(builder_t *b, uint16_t kernel, const uint32_t *inputs, uint8_t count,
                     uint32_t output, const void *params, size_t params_bytes) {
    b->kernels[b->kernel_count] = (shunt_blob_kernel_t){kernel, SHUNT_SET_PORTABLE, 1, 0};
    b->steps[b->step_count] = (shunt_blob_step_t){
        .kernel = (uint16_t)b->kernel_count++,
        .input_count = count,
        .output_count = 1,
        .operands = b->index_count,
        .params_offset = add_constant(b, params, params_bytes),
        .params_bytes = (uint32_t)params_bytes,
    };
    for (uint32_t i = 0; i < count; i++) {
        b->tensors[inputs[i]].last_step = (uint16_t)b->step_count;
        b->indices[b->index_count++] = inputs[i];
    }
    b->indices[b->index_count++] = output;
    b->step_count++;
}

static void add_layers(builder_t *b) {
    const uint32_t input = add_tensor(b, 5, 6, 3);
    const uint32_t convolved = add_tensor(b, 3, 3, 6);
    const shunt_conv2d_params_t conv = {
        .window = {5, 6, 3, 3, 3, 6, 3, 3, 2, 2, 1, 1, 1, 1, 1, 0},
        .weights = add_weights(b, 6 * 3 * 3 * 3),
        .channels = add_channels(b, 6),
        .input_zero_point = -5,
        .output_zero_point = 4,
        .clamp_min = -128,
        .clamp_max = 127,
        .groups = 1,
    };
    add_step(b, SHUNT_KERNEL_CONV2D_S8, &input, 1, convolved, &conv, sizeof conv);

    const uint32_t deep = add_tensor(b, 3, 3, 6);
    const shunt_depthwise_conv2d_params_t depthwise = {
        .window = {3, 3, 6, 3, 3, 6, 2, 3, 1, 1, 2, 1, 1, 1, 1, 0},
        .weights = add_weights(b, 2 * 3 * 6),
        .channels = add_channels(b, 6),
        .input_zero_point = 4,
        .clamp_min = -100,
        .clamp_max = 100,
    };
    add_step(b, SHUNT_KERNEL_DEPTHWISE_CONV2D_S8, &convolved, 1, deep, &depthwise,
             sizeof depthwise);

    const uint32_t constant = add_tensor(b, 1, 1, 6);
    b->tensors[constant].storage = SHUNT_STORAGE_CONSTANT;
    b->tensors[constant].offset = add_weights(b, 6);
    const uint32_t sum = add_tensor(b, 3, 3, 6);
    b->tensors[sum].offset = b->tensors[deep].offset;
    const shunt_add_params_t add = {
        .dims = {1, 3, 3, 6},
        .strides = {{54, 18, 6, 1}, {0, 0, 0, 1}},
        .input_multiplier = {1 << 30, 0x61234567},
        .input_shift = {0, -2},
        .left_shift = 20,
        .output_multiplier = 0x70000000,
        .output_shift = -19,
        .clamp_min = -128,
        .clamp_max = 127,
    };
    add_step(b, SHUNT_KERNEL_ADD_S8, (const uint32_t[]){deep, constant}, 2, sum, &add, sizeof add);

    const uint32_t mean = add_tensor(b, 2, 2, 6);
    const shunt_pool2d_params_t average = {
        .window = {3, 3, 6, 2, 2, 6, 2, 2, 2, 2, 1, 1, 0, 0, 1, 0},
        .clamp_min = -128,
        .clamp_max = 127,
    };
    add_step(b, SHUNT_KERNEL_AVERAGE_POOL2D_S8, &sum, 1, mean, &average, sizeof average);

    const uint32_t largest = add_tensor(b, 2, 1, 6);
    const shunt_pool2d_params_t maximum = {
        .window = {2, 2, 6, 2, 1, 6, 3, 2, 1, 2, 1, 1, 1, 0, 1, 0},
        .clamp_min = -128,
        .clamp_max = 127,
    };
    add_step(b, SHUNT_KERNEL_MAX_POOL2D_S8, &mean, 1, largest, &maximum, sizeof maximum);
    b->steps[b->step_count - 1].scratch_offset = b->arena_bytes;
    b->steps[b->step_count - 1].scratch_bytes = 24;
    b->arena_bytes += 32;

    const uint32_t logits = add_tensor(b, 1, 1, 7);
    const shunt_fully_connected_params_t dense = {
        .batches = 1,
        .inputs = 12,
        .outputs = 7,
        .weights = add_weights(b, 12 * 7),
        .channels = add_channels(b, 7),
        .clamp_min = -128,
        .clamp_max = 127,
    };
    add_step(b, SHUNT_KERNEL_FULLY_CONNECTED_S8, &largest, 1, logits, &dense, sizeof dense);

    const uint32_t scaled = add_tensor(b, 1, 1, 7);
    const shunt_requantize_params_t requantize = {7, 3, 0x4BCDEF01, 1, -9, 0};
    add_step(b, SHUNT_KERNEL_REQUANTIZE_S8, &logits, 1, scaled, &requantize, sizeof requantize);

    const uint32_t probabilities = add_tensor(b, 1, 1, 7);
    const shunt_softmax_params_t softmax = {1, 7, 1 << 30, 23, -248, 0};
    add_step(b, SHUNT_KERNEL_SOFTMAX_S8, &scaled, 1, probabilities, &softmax, sizeof softmax);

    const uint32_t state = add_tensor(b, 1, 1, 7);
    b->tensors[state].storage = SHUNT_STORAGE_STATE;
    const shunt_copy_params_t copy = {7, 0};
    add_step(b, SHUNT_KERNEL_COPY, &probabilities, 1, state, &copy, sizeof copy);
    b->tensors[probabilities].last_step = (uint16_t)b->step_count;
}

size_t sample_blob(uint8_t *blob, size_t capacity) {
    builder_t b = {0};
    add_layers(&b);
    const uint32_t state = b.tensor_count - 1;
    const uint32_t output = b.tensor_count - 2;
    const shunt_blob_io_t inputs[] = {{0, 0, SHUNT_TYPE_F32, SHUNT_HOST_QUANTIZE, 0, 0}};
    const shunt_blob_io_t outputs[] = {{output, 0, SHUNT_TYPE_S8, SHUNT_HOST_NONE, 0, 0},
                                       {state, 0, SHUNT_TYPE_S8, SHUNT_HOST_NONE, 0, 0}};
    const shunt_blob_state_init_t inits[] = {
        {b.tensors[state].offset, 4, CONSTANTS_OFFSET, 0},
        {b.tensors[state].offset + 4, 4, 0, 17},
    };
    const struct {
        uint32_t kind;
        const void *bytes;
        size_t count;
    } payloads[SECTIONS] = {
        {SHUNT_SECTION_CONSTANTS, b.constants, b.constants_bytes},
        {SHUNT_SECTION_STRINGS, "\0sample", 8},
        {SHUNT_SECTION_TENSORS, b.tensors, b.tensor_count * sizeof b.tensors[0]},
        {SHUNT_SECTION_STEPS, b.steps, b.step_count * sizeof b.steps[0]},
        {SHUNT_SECTION_KERNELS, b.kernels, b.kernel_count * sizeof b.kernels[0]},
        {SHUNT_SECTION_INDICES, b.indices, b.index_count * sizeof b.indices[0]},
        {SHUNT_SECTION_INPUTS, inputs, sizeof inputs},
        {SHUNT_SECTION_OUTPUTS, outputs, sizeof outputs},
        {SHUNT_SECTION_STATE_INIT, inits, sizeof inits},
    };
    shunt_blob_section_t table[SECTIONS];
    uint32_t end = CONSTANTS_OFFSET;
    memset(blob, 0, capacity);
    for (uint32_t i = 0; i < SECTIONS; i++) {
        const uint32_t count = (uint32_t)payloads[i].count;
        if (end + count + 16 > capacity) {
            return 0;
        }
        table[i] = (shunt_blob_section_t){payloads[i].kind, end, count, SHUNT_SECTION_REQUIRED};
        memcpy(blob + end, payloads[i].bytes, count);
        end = (end + count + 15u) & ~15u;
    }
    const shunt_blob_header_t header = {
        .magic = {'S', 'H', 'U', 'N', 'T', 'B', 'L', 'B'},
        .version_major = SHUNT_BLOB_VERSION_MAJOR,
        .total_bytes = end,
        .flags = SHUNT_BLOB_STATEFUL | SHUNT_BLOB_INPUT_SURVIVES,
        .arena_bytes = b.arena_bytes,
        .section_count = SECTIONS,
        .sections_offset = sizeof header,
        .kernel_set = SHUNT_SET_PORTABLE,
        .state_offset = b.tensors[state].offset,
        .state_bytes = 16,
    };
    memcpy(blob, &header, sizeof header);
    memcpy(blob + sizeof header, table, sizeof table);
    return end;
}

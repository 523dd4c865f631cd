// SPDX-License-Identifier: Apache-2.0
#include "validate.h"

#include <string.h>

static bool aligned(uint32_t offset) {
    return offset % SHUNT_BLOB_ALIGNMENT == 0;
}

static bool name_valid(const validation_t *v, uint32_t name) {
    return name < v->strings_bytes;
}

static bool indices_valid(const shunt_model_t *model, uint32_t first, uint32_t count) {
    return first <= model->index_count && count <= model->index_count - first;
}

static bool in_constants(const shunt_model_t *model, uint32_t offset, uint64_t bytes) {
    return range_inside(offset, bytes, model->constants_offset, model->constants_bytes);
}

bool shunt_constants_valid(const shunt_call_t *call, uint32_t offset, uint64_t bytes) {
    return aligned(offset) && in_constants(call->model, offset, bytes);
}

bool shunt_tensors_overlap(const shunt_blob_tensor_t *a, const shunt_blob_tensor_t *b) {
    return a->storage != SHUNT_STORAGE_CONSTANT && b->storage != SHUNT_STORAGE_CONSTANT &&
           ranges_overlap(a->offset, a->bytes, b->offset, b->bytes);
}

// Tensors ---------------------------------------------------------------------------------------

/// Bits of one element; 0 for an unknown type.
static uint32_t element_bits(uint32_t type) {
    static const uint8_t bits[] = {
        [SHUNT_TYPE_S8] = 8,   [SHUNT_TYPE_U8] = 8, [SHUNT_TYPE_S16] = 16, [SHUNT_TYPE_S32] = 32,
        [SHUNT_TYPE_F32] = 32, [SHUNT_TYPE_S4] = 4, [SHUNT_TYPE_BOOL] = 8, [SHUNT_TYPE_S64] = 64,
    };
    return type < sizeof bits ? bits[type] : 0;
}

/// Whether `bytes` is what type and dimensions ask for.
static bool size_valid(const shunt_model_t *model, const shunt_blob_tensor_t *tensor) {
    uint64_t elements = 1;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        elements *= model->indices[tensor->dims + i];
        if (elements == 0 || elements > UINT32_MAX) {
            return false;
        }
    }
    const uint32_t bits = element_bits(tensor->type);
    return bits != 0 && (elements * bits + 7) / 8 == tensor->bytes;
}

/// Whether the scale is a finite number that is not negative, and the zero point fits the type.
static bool quantization_valid(const shunt_blob_tensor_t *tensor) {
    uint32_t scale_bits;
    memcpy(&scale_bits, &tensor->scale, sizeof scale_bits);
    const int32_t zero = tensor->zero_point;
    return scale_bits < 0x7F800000u &&
           (tensor->type != SHUNT_TYPE_S8 || (zero >= -128 && zero <= 127)) &&
           (tensor->type != SHUNT_TYPE_U8 || (zero >= 0 && zero <= 255));
}

/// Whether the range lies in the part of the arena that does not survive between runs.
static bool in_activations(const shunt_model_t *model, uint32_t offset, uint32_t bytes) {
    const shunt_blob_header_t *header = model->header;
    return range_inside(offset, bytes, 0, header->arena_bytes) &&
           !ranges_overlap(offset, bytes, header->state_offset, header->state_bytes);
}

static bool place_valid(const shunt_model_t *model, const shunt_blob_tensor_t *tensor) {
    const shunt_blob_header_t *header = model->header;
    switch (tensor->storage) {
    case SHUNT_STORAGE_ARENA:
        return in_activations(model, tensor->offset, tensor->bytes) &&
               tensor->first_step <= tensor->last_step && tensor->last_step <= model->step_count;
    case SHUNT_STORAGE_STATE:
        return range_inside(tensor->offset, tensor->bytes, header->state_offset,
                            header->state_bytes);
    case SHUNT_STORAGE_CONSTANT:
        return in_constants(model, tensor->offset, tensor->bytes);
    default:
        return false;
    }
}

bool shunt_validate_tensors(const validation_t *v) {
    const shunt_model_t *model = v->model;
    for (uint32_t i = 0; i < model->tensor_count; i++) {
        const shunt_blob_tensor_t *tensor = &model->tensors[i];
        if (!name_valid(v, tensor->name) || tensor->layout != 0 || tensor->rank > SHUNT_MAX_RANK ||
            !indices_valid(model, tensor->dims, tensor->rank) || !size_valid(model, tensor) ||
            !quantization_valid(tensor) || !aligned(tensor->offset) ||
            !place_valid(model, tensor)) {
            return false;
        }
    }
    return true;
}

// Steps -----------------------------------------------------------------------------------------

static bool alive(const shunt_blob_tensor_t *tensor, uint32_t step) {
    switch (tensor->storage) {
    case SHUNT_STORAGE_ARENA:
        return tensor->first_step <= step && step <= tensor->last_step;
    case SHUNT_STORAGE_STATE:
        return true;
    default:
        return false;
    }
}

static bool operands_valid(const shunt_model_t *model, uint32_t index) {
    const shunt_blob_step_t *step = &model->steps[index];
    const uint32_t count = (uint32_t)step->input_count + step->output_count;
    if (!indices_valid(model, step->operands, count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t tensor = model->indices[step->operands + i];
        if (tensor >= model->tensor_count) {
            return false;
        }
        const bool constant_input =
            i < step->input_count && model->tensors[tensor].storage == SHUNT_STORAGE_CONSTANT;
        if (!constant_input && !alive(&model->tensors[tensor], index)) {
            return false;
        }
    }
    return true;
}

static bool scratch_valid(const shunt_model_t *model, const shunt_blob_step_t *step) {
    if (step->scratch_bytes == 0) {
        return step->scratch_offset == 0;
    }
    return aligned(step->scratch_offset) &&
           in_activations(model, step->scratch_offset, step->scratch_bytes);
}

bool shunt_validate_steps(const validation_t *v) {
    const shunt_model_t *model = v->model;
    for (uint32_t i = 0; i < model->step_count; i++) {
        const shunt_blob_step_t *step = &model->steps[i];
        if (!name_valid(v, step->name) || step->kernel >= v->kernel_count || step->flags != 0 ||
            step->reserved != 0 || !operands_valid(model, i) || !aligned(step->params_offset) ||
            !in_constants(model, step->params_offset, step->params_bytes) ||
            !scratch_valid(model, step) ||
            !indices_valid(model, step->sources, step->source_count)) {
            return false;
        }
    }
    return true;
}

// Inputs and outputs ----------------------------------------------------------------------------

/// Whether the type that the user sees follows from the tensor's by the host's conversion.
static bool conversion_valid(const shunt_blob_io_t *io, uint32_t type, uint32_t conversion) {
    return io->host_op == SHUNT_HOST_NONE
               ? io->external_type == type
               : io->host_op == conversion && io->external_type == SHUNT_TYPE_F32;
}

static bool record_valid(const validation_t *v, const shunt_blob_io_t *io, uint32_t conversion) {
    return io->tensor < v->model->tensor_count && name_valid(v, io->name) &&
           conversion_valid(io, v->model->tensors[io->tensor].type, conversion) &&
           io->reserved0 == 0 && io->reserved1 == 0;
}

static bool input_valid(const validation_t *v, uint32_t index) {
    const shunt_model_t *model = v->model;
    if (!record_valid(v, &model->inputs[index], SHUNT_HOST_QUANTIZE)) {
        return false;
    }
    const shunt_blob_tensor_t *tensor = shunt_input(model, index);
    if (tensor->storage != SHUNT_STORAGE_ARENA || tensor->first_step != 0) {
        return false;
    }
    for (uint32_t i = 0; i < index; i++) {
        if (shunt_tensors_overlap(tensor, shunt_input(model, i))) {
            return false;
        }
    }
    return true;
}

static bool output_valid(const validation_t *v, uint32_t index) {
    const shunt_model_t *model = v->model;
    if (!record_valid(v, &model->outputs[index], SHUNT_HOST_DEQUANTIZE)) {
        return false;
    }
    const shunt_blob_tensor_t *tensor = shunt_output(model, index);
    return tensor->storage != SHUNT_STORAGE_ARENA || tensor->last_step == model->step_count;
}

bool shunt_validate_io(const validation_t *v) {
    for (uint32_t i = 0; i < v->model->input_count; i++) {
        if (!input_valid(v, i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < v->model->output_count; i++) {
        if (!output_valid(v, i)) {
            return false;
        }
    }
    return true;
}

bool shunt_validate_state(const validation_t *v) {
    const shunt_model_t *model = v->model;
    for (uint32_t i = 0; i < model->state_init_count; i++) {
        const shunt_blob_state_init_t *init = &model->state_inits[i];
        if (init->bytes == 0 || init->fill > UINT8_MAX ||
            !range_inside(init->arena_offset, init->bytes, model->header->state_offset,
                          model->header->state_bytes) ||
            (init->data_offset != 0 && !in_constants(model, init->data_offset, init->bytes))) {
            return false;
        }
    }
    return true;
}

// Overlaps --------------------------------------------------------------------------------------

static bool operands_name(const shunt_model_t *model, uint32_t first, uint32_t count,
                          uint32_t tensor) {
    for (uint32_t i = 0; i < count; i++) {
        if (model->indices[first + i] == tensor) {
            return true;
        }
    }
    return false;
}

/// Whether step `index` leaves `tensor` alone: an input that is read for the last time may be
/// overwritten, if the kernel agrees.
static bool spares_tensor(const shunt_model_t *model, uint32_t index, uint32_t tensor_index) {
    const shunt_blob_step_t *step = &model->steps[index];
    const shunt_blob_tensor_t *tensor = &model->tensors[tensor_index];
    if (tensor->storage == SHUNT_STORAGE_ARENA && tensor->last_step == index &&
        operands_name(model, step->operands, step->input_count, tensor_index)) {
        return true;
    }
    for (uint32_t i = 0; i < step->output_count; i++) {
        const uint32_t output = model->indices[step->operands + step->input_count + i];
        if (output != tensor_index && shunt_tensors_overlap(&model->tensors[output], tensor)) {
            return false;
        }
    }
    return true;
}

static bool scratch_overlaps(const shunt_blob_step_t *step, const shunt_blob_tensor_t *tensor) {
    return ranges_overlap(step->scratch_offset, step->scratch_bytes, tensor->offset, tensor->bytes);
}

static bool outputs_distinct(const shunt_model_t *model, const shunt_blob_step_t *step) {
    const uint32_t first = step->operands + step->input_count;
    for (uint32_t i = 1; i < step->output_count; i++) {
        if (operands_name(model, first, i, model->indices[first + i])) {
            return false;
        }
    }
    return true;
}

static bool step_spares_tensors(const shunt_model_t *model, uint32_t index) {
    for (uint32_t i = 0; i < model->tensor_count; i++) {
        const shunt_blob_tensor_t *tensor = &model->tensors[i];
        if (alive(tensor, index) &&
            (scratch_overlaps(&model->steps[index], tensor) || !spares_tensor(model, index, i))) {
            return false;
        }
    }
    return true;
}

/// Whether a step writes no byte of any model input.
static bool step_spares_inputs(const shunt_model_t *model, const shunt_blob_step_t *step) {
    for (uint32_t i = 0; i < model->input_count; i++) {
        const shunt_blob_tensor_t *input = shunt_input(model, i);
        if (scratch_overlaps(step, input)) {
            return false;
        }
        for (uint32_t k = 0; k < step->output_count; k++) {
            const uint32_t output = model->indices[step->operands + step->input_count + k];
            if (shunt_tensors_overlap(&model->tensors[output], input)) {
                return false;
            }
        }
    }
    return true;
}

bool shunt_validate_overlaps(const validation_t *v) {
    const shunt_model_t *model = v->model;
    const bool inputs_survive = (model->header->flags & SHUNT_BLOB_INPUT_SURVIVES) != 0;
    for (uint32_t i = 0; i < model->step_count; i++) {
        const shunt_blob_step_t *step = &model->steps[i];
        if (!outputs_distinct(model, step) || !step_spares_tensors(model, i) ||
            (inputs_survive && !step_spares_inputs(model, step))) {
            return false;
        }
    }
    return true;
}

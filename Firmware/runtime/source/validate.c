// SPDX-License-Identifier: Apache-2.0
#include "validate.h"

bool shunt_range_inside(uint32_t offset, uint32_t bytes, uint32_t start, uint32_t size) {
    return offset >= start && offset - start <= size && bytes <= size - (offset - start);
}

bool shunt_ranges_overlap(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes) {
    // The one that starts first must reach the other's start; no sum can wrap.
    return a_bytes != 0 && b_bytes != 0 && (a <= b ? b - a < a_bytes : a - b < b_bytes);
}

void shunt_write_bytes(void *to, const uint8_t *from, uint8_t fill, size_t count) {
    // One loop for both: compilers leave it alone, where two would become calls of memset and
    // memcpy, for which the smallest products have no other use.
    uint8_t *target = to;
    for (size_t i = 0; i < count; i++) {
        target[i] = from != NULL ? from[i] : fill;
    }
}

static bool aligned(uint32_t offset) {
    return offset % SHUNT_BLOB_ALIGNMENT == 0;
}

static bool name_valid(const validation_t *v, uint32_t name) {
    return name < v->strings_bytes;
}

static bool indices_valid(const shunt_model_t *model, uint32_t first, uint32_t count) {
    return first <= model->index_count && count <= model->index_count - first;
}

static bool in_constants(const shunt_model_t *model, uint32_t offset, uint32_t bytes) {
    return shunt_range_inside(offset, bytes, model->constants_offset, model->constants_bytes);
}

bool shunt_constants_valid(const shunt_call_t *call, uint32_t offset, uint64_t bytes) {
    return bytes <= UINT32_MAX && aligned(offset) &&
           in_constants(call->model, offset, (uint32_t)bytes);
}

bool shunt_tensors_overlap(const shunt_blob_tensor_t *a, const shunt_blob_tensor_t *b) {
    return a->storage != SHUNT_STORAGE_CONSTANT && b->storage != SHUNT_STORAGE_CONSTANT &&
           shunt_ranges_overlap(a->offset, a->bytes, b->offset, b->bytes);
}

// Tensors ---------------------------------------------------------------------------------------

/// Whether `bytes` is what so many elements of a type take.
static bool bytes_valid(uint32_t type, uint32_t elements, uint32_t bytes) {
    enum { UNKNOWN = 31 }; // no tensor has an element of 2^31 bytes
    // An element has 2 to this power bytes; of S4, two elements have.
    static const uint8_t shifts[] = {
        [0] = UNKNOWN,        [SHUNT_TYPE_S8] = 0,   [SHUNT_TYPE_U8] = 0,
        [SHUNT_TYPE_S16] = 1, [SHUNT_TYPE_S32] = 2,  [SHUNT_TYPE_F32] = 2,
        [SHUNT_TYPE_S4] = 0,  [SHUNT_TYPE_BOOL] = 0, [SHUNT_TYPE_S64] = 3,
    };
    const uint32_t shift = type < sizeof shifts ? shifts[type] : UNKNOWN;
    if (type == SHUNT_TYPE_S4) {
        elements = elements / 2 + elements % 2;
    }
    return bytes >> shift == elements && elements << shift == bytes;
}

/// Whether `bytes` is what type and dimensions ask for.
static bool size_valid(const shunt_model_t *model, const shunt_blob_tensor_t *tensor) {
    uint32_t elements = 1;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        const uint64_t product = (uint64_t)elements * model->indices[tensor->dims + i];
        elements = (uint32_t)product;
        if (elements == 0 || product > UINT32_MAX) {
            return false;
        }
    }
    return bytes_valid(tensor->type, elements, tensor->bytes);
}

/// Whether the scale is a finite number that is not negative, and the zero point fits the type.
static bool quantization_valid(const shunt_blob_tensor_t *tensor) {
    uint32_t scale_bits;
    shunt_write_bytes(&scale_bits, (const uint8_t *)&tensor->scale, 0, sizeof scale_bits);
    const int32_t zero = tensor->zero_point;
    return scale_bits < 0x7F800000u &&
           (tensor->type != SHUNT_TYPE_S8 || (zero >= -128 && zero <= 127)) &&
           (tensor->type != SHUNT_TYPE_U8 || (zero >= 0 && zero <= 255));
}

/// Whether the range lies in the part of the arena that does not survive between runs.
static bool in_activations(const shunt_model_t *model, uint32_t offset, uint32_t bytes) {
    const shunt_blob_header_t *header = model->header;
    return shunt_range_inside(offset, bytes, 0, header->arena_bytes) &&
           !shunt_ranges_overlap(offset, bytes, header->state_offset, header->state_bytes);
}

static bool place_valid(const shunt_model_t *model, const shunt_blob_tensor_t *tensor) {
    const shunt_blob_header_t *header = model->header;
    switch (tensor->storage) {
    case SHUNT_STORAGE_ARENA:
        return in_activations(model, tensor->offset, tensor->bytes) &&
               tensor->first_step <= tensor->last_step && tensor->last_step <= model->step_count;
    case SHUNT_STORAGE_STATE:
        return shunt_range_inside(tensor->offset, tensor->bytes, header->state_offset,
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
        if (!name_valid(v, step->name) || step->kernel >= v->kernel_count ||
            step->flags > SHUNT_REQUANTIZE_FAST || step->reserved != 0 ||
            !operands_valid(model, i) || !aligned(step->params_offset) ||
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
           (io->reserved0 | io->reserved1) == 0;
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
            !shunt_range_inside(init->arena_offset, init->bytes, model->header->state_offset,
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

static bool outputs_distinct(const shunt_model_t *model, const shunt_blob_step_t *step) {
    const uint32_t first = step->operands + step->input_count;
    for (uint32_t i = 1; i < step->output_count; i++) {
        if (operands_name(model, first, i, model->indices[first + i])) {
            return false;
        }
    }
    return true;
}

/// Whether an output of a step, other than tensor `exempt`, shares a byte with `tensor`.
static bool outputs_overlap(const shunt_model_t *model, const shunt_blob_step_t *step,
                            const shunt_blob_tensor_t *tensor, uint32_t exempt) {
    const uint32_t *outputs = &model->indices[step->operands + step->input_count];
    for (uint32_t i = 0; i < step->output_count; i++) {
        if (outputs[i] != exempt && shunt_tensors_overlap(&model->tensors[outputs[i]], tensor)) {
            return true;
        }
    }
    return false;
}

static bool is_model_input(const shunt_model_t *model, uint32_t tensor) {
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (model->inputs[i].tensor == tensor) {
            return true;
        }
    }
    return false;
}

/// Whether a step may leave its outputs where tensor `i` lies, if its kernel agrees: it reads the
/// tensor, and nobody does after it.
static bool consumes(const shunt_model_t *model, uint32_t index, uint32_t i) {
    const shunt_blob_step_t *step = &model->steps[index];
    const shunt_blob_tensor_t *tensor = &model->tensors[i];
    return tensor->storage == SHUNT_STORAGE_ARENA && tensor->last_step == index &&
           operands_name(model, step->operands, step->input_count, i);
}

/// Whether a step writes no byte of what is needed after it: tensors that are alive, and inputs
/// that are said to survive.
static bool step_spares_tensors(const shunt_model_t *model, uint32_t index) {
    const shunt_blob_step_t *step = &model->steps[index];
    const bool inputs_survive = (model->header->flags & SHUNT_BLOB_INPUT_SURVIVES) != 0;
    for (uint32_t i = 0; i < model->tensor_count; i++) {
        const shunt_blob_tensor_t *tensor = &model->tensors[i];
        const bool survives = inputs_survive && is_model_input(model, i);
        if (!survives && !alive(tensor, index)) {
            continue;
        }
        if (shunt_ranges_overlap(step->scratch_offset, step->scratch_bytes, tensor->offset,
                                 tensor->bytes)) {
            return false;
        }
        if ((survives || !consumes(model, index, i)) &&
            outputs_overlap(model, step, tensor, survives ? UINT32_MAX : i)) {
            return false;
        }
    }
    return true;
}

bool shunt_validate_overlaps(const validation_t *v) {
    const shunt_model_t *model = v->model;
    for (uint32_t i = 0; i < model->step_count; i++) {
        if (!outputs_distinct(model, &model->steps[i]) || !step_spares_tensors(model, i)) {
            return false;
        }
    }
    return true;
}

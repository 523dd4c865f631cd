// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "validate.h"

const shunt_blob_tensor_t *shunt_operand(const shunt_call_t *call, uint32_t index) {
    return &call->model->tensors[call->model->indices[call->step->operands + index]];
}

const void *shunt_operand_in(const shunt_call_t *call, uint32_t index) {
    return shunt_tensor_data(call, shunt_operand(call, index));
}

void *shunt_operand_out(const shunt_call_t *call, uint32_t index) {
    return call->model->arena + shunt_operand(call, call->step->input_count + index)->offset;
}

shunt_status_t shunt_bind(shunt_model_t *model, void *arena, size_t arena_bytes) {
    if (model == NULL || model->header == NULL || arena == NULL) {
        return SHUNT_ERR_ARGUMENT;
    }
    if ((uintptr_t)arena % SHUNT_BLOB_ALIGNMENT != 0) {
        return SHUNT_ERR_ALIGNMENT;
    }
    if (arena_bytes < model->header->arena_bytes) {
        return SHUNT_ERR_ARENA;
    }
    model->arena = arena;
    // No check proves that a blob writes a tensor before it reads it: what it may read is nothing
    // that another model has left.
    shunt_write_bytes(arena, NULL, 0, model->header->arena_bytes);
    return shunt_reset(model);
}

size_t shunt_arena_bytes(const shunt_model_t *model) {
    return model->header->arena_bytes;
}

shunt_status_t shunt_reset(shunt_model_t *model) {
    if (model->arena == NULL) {
        return SHUNT_ERR_STATE;
    }
    // What no record covers is zero, so that every reset starts from the same bytes.
    shunt_write_bytes(model->arena + model->header->state_offset, NULL, 0,
                      model->header->state_bytes);
    for (uint32_t i = 0; i < model->state_init_count; i++) {
        const shunt_blob_state_init_t *init = &model->state_inits[i];
        const uint8_t *data = init->data_offset != 0 ? model->blob + init->data_offset : NULL;
        shunt_write_bytes(model->arena + init->arena_offset, data, (uint8_t)init->fill,
                          init->bytes);
    }
    return SHUNT_OK;
}

static void execute(const shunt_model_t *model, const shunt_blob_step_t *step) {
    const shunt_call_t call = {model, step, model->blob + step->params_offset};
    model->kernels[step->kernel]->run(&call);
}

shunt_status_t shunt_run(shunt_model_t *model) {
    if (model->arena == NULL) {
        return SHUNT_ERR_STATE;
    }
    for (uint32_t i = 0; i < model->step_count; i++) {
        execute(model, &model->steps[i]);
    }
    return SHUNT_OK;
}

shunt_status_t shunt_run_step(shunt_model_t *model, uint32_t step) {
    if (model->arena == NULL) {
        return SHUNT_ERR_STATE;
    }
    if (step >= model->step_count) {
        return SHUNT_ERR_ARGUMENT;
    }
    execute(model, &model->steps[step]);
    return SHUNT_OK;
}

uint32_t shunt_step_count(const shunt_model_t *model) {
    return model->step_count;
}

const shunt_blob_tensor_t *shunt_input(const shunt_model_t *model, uint32_t index) {
    return index < model->input_count ? &model->tensors[model->inputs[index].tensor] : NULL;
}

const shunt_blob_tensor_t *shunt_output(const shunt_model_t *model, uint32_t index) {
    return index < model->output_count ? &model->tensors[model->outputs[index].tensor] : NULL;
}

void *shunt_input_data(const shunt_model_t *model, uint32_t index) {
    const shunt_blob_tensor_t *tensor = shunt_input(model, index);
    return tensor != NULL && model->arena != NULL ? model->arena + tensor->offset : NULL;
}

const void *shunt_output_data(const shunt_model_t *model, uint32_t index) {
    const shunt_blob_tensor_t *tensor = shunt_output(model, index);
    if (tensor == NULL || model->arena == NULL) {
        return NULL;
    }
    const uint8_t *base = tensor->storage == SHUNT_STORAGE_CONSTANT ? model->blob : model->arena;
    return base + tensor->offset;
}

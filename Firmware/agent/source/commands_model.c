// SPDX-License-Identifier: Apache-2.0
//
// The opened model: its inputs, outputs and tensors.
#include <string.h>

#include "agent_internal.h"

void shunt_agent_close_model(shunt_agent_t *agent) {
    agent->model_open = false;
    agent->staged = false;
    agent->profiled_steps = 0;
}

/// Where the agent keeps input `index`: in staging if runs overwrite it.
static uint8_t *input_home(const shunt_agent_t *agent, uint32_t index) {
    if (!agent->staged) {
        return shunt_input_data(&agent->model, index);
    }
    uint8_t *home = agent->config->staging;
    for (uint32_t i = 0; i < index; i++) {
        home += shunt_input(&agent->model, i)->bytes;
    }
    return home;
}

void shunt_agent_restore_inputs(shunt_agent_t *agent) {
    if (!agent->staged) {
        return;
    }
    const uint8_t *home = agent->config->staging;
    for (uint32_t i = 0; i < agent->model.input_count; i++) {
        const uint32_t bytes = shunt_input(&agent->model, i)->bytes;
        memcpy(shunt_input_data(&agent->model, i), home, bytes);
        home += bytes;
    }
}

/// Adds sizes; beyond 32 bits the sum stays at the limit, which no buffer of ours reaches.
static uint32_t add_bytes(uint32_t sum, uint32_t bytes) {
    return bytes > UINT32_MAX - sum ? UINT32_MAX : sum + bytes;
}

uint32_t shunt_agent_input_bytes(const shunt_agent_t *agent) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < agent->model.input_count; i++) {
        sum = add_bytes(sum, shunt_input(&agent->model, i)->bytes);
    }
    return sum;
}

uint32_t shunt_agent_output_bytes(const shunt_agent_t *agent) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < agent->model.output_count; i++) {
        sum = add_bytes(sum, shunt_output(&agent->model, i)->bytes);
    }
    return sum;
}

static shunt_status_t open_model(shunt_agent_t *agent, const shunt_slots_blob_t *source) {
    const shunt_agent_config_t *config = agent->config;
    shunt_status_t status = shunt_open(&agent->model, source->blob, source->bytes, config->kernels);
    if (status == SHUNT_OK) {
        status = shunt_bind(&agent->model, config->arena, config->arena_bytes);
    }
    return status;
}

/// Decides where inputs are kept. They start as zeros, so that a first run is repeatable.
static void prepare_inputs(shunt_agent_t *agent, uint32_t staging_bytes) {
    agent->staged = staging_bytes > 0 && staging_bytes <= agent->config->staging_bytes;
    for (uint32_t i = 0; i < agent->model.input_count; i++) {
        memset(input_home(agent, i), 0, shunt_input(&agent->model, i)->bytes);
    }
}

shunt_link_status_t shunt_on_model_open(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    shunt_agent_close_model(agent);
    const shunt_slots_blob_t source =
        agent->attached.blob != NULL ? agent->attached : shunt_slots_newest(&agent->slots);
    if (source.blob == NULL) {
        return SHUNT_LINK_ERR_STATE;
    }
    memset(&agent->model, 0, sizeof agent->model);
    const shunt_status_t status = open_model(agent, &source);
    const shunt_model_t *model = &agent->model;
    if (status != SHUNT_OK) {
        shunt_put_u32(agent, (uint32_t)status);
        shunt_put_u32(agent, model->failed_step);
        shunt_put_u32(agent, status == SHUNT_ERR_ARENA ? (uint32_t)shunt_arena_bytes(model) : 0);
        return SHUNT_LINK_ERR_MODEL;
    }
    const bool survives = (model->header->flags & SHUNT_BLOB_INPUT_SURVIVES) != 0;
    const uint32_t staging_bytes = survives ? 0 : shunt_agent_input_bytes(agent);
    prepare_inputs(agent, staging_bytes);
    agent->model_open = true;
    shunt_put_u32(agent, (uint32_t)shunt_arena_bytes(model));
    shunt_put_u32(agent, staging_bytes);
    shunt_put_u32(agent, shunt_step_count(model));
    shunt_put_u16(agent, (uint16_t)model->input_count);
    shunt_put_u16(agent, (uint16_t)model->output_count);
    shunt_put_u32(agent, model->header->total_bytes);
    shunt_put_bytes(agent, model->header->graph_sha256, sizeof model->header->graph_sha256);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_reset_state(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    shunt_reset(&agent->model);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_input_write(shunt_agent_t *agent, shunt_request_t *request) {
    const uint8_t index = shunt_take_u8(request);
    const uint8_t reserved8 = shunt_take_u8(request);
    const uint16_t reserved16 = shunt_take_u16(request);
    const uint32_t offset = shunt_take_u32(request);
    if (request->short_of || reserved8 != 0 || reserved16 != 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_blob_tensor_t *tensor = shunt_input(&agent->model, index);
    if (tensor == NULL || offset > tensor->bytes || request->count > tensor->bytes - offset) {
        return SHUNT_LINK_ERR_RANGE;
    }
    memcpy(input_home(agent, index) + offset, request->bytes, request->count);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_output_read(shunt_agent_t *agent, shunt_request_t *request) {
    const uint8_t index = shunt_take_u8(request);
    const uint8_t reserved = shunt_take_u8(request);
    const uint16_t count = shunt_take_u16(request);
    const uint32_t offset = shunt_take_u32(request);
    if (!shunt_request_done(request) || reserved != 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_blob_tensor_t *tensor = shunt_output(&agent->model, index);
    if (tensor == NULL) {
        return SHUNT_LINK_ERR_RANGE;
    }
    return shunt_put_piece(agent, shunt_output_data(&agent->model, index), tensor->bytes, offset,
                           count);
}

shunt_link_status_t shunt_on_tensor_read(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t index = shunt_take_u32(request);
    const uint32_t offset = shunt_take_u32(request);
    const uint16_t count = shunt_take_u16(request);
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_model_t *model = &agent->model;
    if (index >= model->tensor_count) {
        return SHUNT_LINK_ERR_RANGE;
    }
    const shunt_blob_tensor_t *tensor = &model->tensors[index];
    const uint8_t *home = tensor->storage == SHUNT_STORAGE_CONSTANT ? model->blob : model->arena;
    return shunt_put_piece(agent, home + tensor->offset, tensor->bytes, offset, count);
}

// SPDX-License-Identifier: Apache-2.0
//
// Identity, counters, and what measures the line.
#include <string.h>

#include "agent_internal.h"
#include "shunt_kernel.h"

/// Starts anew for another host, or the same host started again.
static void open_session(shunt_agent_t *agent, uint16_t session, uint16_t sequence) {
    agent->session = session;
    agent->hello_sequence = sequence;
    agent->once_valid = false;
    agent->attached = (shunt_slots_blob_t){0};
    shunt_slots_abandon(&agent->slots);
    shunt_agent_close_model(agent);
}

shunt_link_status_t shunt_on_hello(shunt_agent_t *agent, shunt_request_t *request) {
    const uint16_t lowest = shunt_take_u16(request);
    const uint16_t highest = shunt_take_u16(request);
    const uint16_t session = shunt_take_u16(request);
    if (!shunt_request_done(request) || session == 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (lowest > SHUNT_LINK_VERSION || highest < SHUNT_LINK_VERSION) {
        shunt_put_u16(agent, SHUNT_LINK_VERSION);
        shunt_put_u16(agent, SHUNT_LINK_VERSION);
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    // The same HELLO again: its response was lost, and nothing may be forgotten.
    if (session != agent->session || request->header.sequence != agent->hello_sequence) {
        open_session(agent, session, request->header.sequence);
    }
    shunt_put_u16(agent, SHUNT_LINK_VERSION);
    shunt_put_u16(agent, SHUNT_LINK_MAX_PAYLOAD);
    shunt_put_u16(agent, agent->config->window);
    shunt_put_u16(agent, agent->session);
    shunt_put_u32(agent, shunt_port_boot_counter());
    return SHUNT_LINK_OK;
}

static void put_kernels(shunt_agent_t *agent, const shunt_kernel_table_t *table) {
    shunt_put_u16(agent, (uint16_t)table->count);
    for (uint32_t i = 0; i < table->count; i++) {
        shunt_put_u16(agent, table->kernels[i]->id);
        shunt_put_u8(agent, table->kernels[i]->set);
        shunt_put_u8(agent, table->kernels[i]->version);
    }
}

shunt_link_status_t shunt_on_info(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_agent_config_t *config = agent->config;
    const uint32_t words[] = {
        config->clock_hz,
        config->tick_hz,
        config->arena_bytes,
        agent->flash->address,
        agent->flash->bytes,
        agent->flash->write_bytes,
        agent->flash->erase_bytes,
        agent->batch_address,
        agent->batch_bytes,
        config->staging_bytes,
        config->ticks_are_emulated ? 1u : 0u,
        sizeof agent->receiver + sizeof agent->frame,
        shunt_port_static_bytes(),
        config->stack_bytes,
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        shunt_put_u32(agent, words[i]);
    }
    shunt_put_text(agent, config->board_id);
    shunt_put_text(agent, config->core);
    shunt_put_text(agent, config->build_id);
    shunt_put_text(agent, config->compiler);
    put_kernels(agent, config->kernels);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_counters(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    shunt_put_u32(agent, agent->receiver.frames);
    shunt_put_u32(agent, agent->receiver.crc_errors);
    shunt_put_u32(agent, agent->receiver.format_errors);
    shunt_put_u32(agent, shunt_port_uart_overruns());
    shunt_put_u32(agent, agent->repeated);
    shunt_put_u32(agent, agent->inferences);
    shunt_put_u32(agent, shunt_port_boot_counter());
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_reboot(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    agent->reboot_asked = true;
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_echo(shunt_agent_t *agent, shunt_request_t *request) {
    shunt_put_bytes(agent, request->bytes, request->count);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_sink(shunt_agent_t *agent, shunt_request_t *request) {
    (void)agent;
    (void)request;
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_fence(shunt_agent_t *agent, shunt_request_t *request) {
    (void)agent; // its number, which is remembered as that of any *once* request, does the work
    return shunt_request_done(request) ? SHUNT_LINK_OK : SHUNT_LINK_ERR_PAYLOAD;
}

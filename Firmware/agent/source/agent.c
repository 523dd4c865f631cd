// SPDX-License-Identifier: Apache-2.0
#include "shunt_agent.h"

#include <string.h>

#include "agent_internal.h"

enum {
    READ_BYTES = 64, // taken from the port at once
    SEND_SECONDS = 2 // a host that takes nothing for so long has gone
};

typedef struct command {
    uint8_t code;
    bool once;
    bool needs_model;
    shunt_handler_t handler;
} command_t;

static const command_t commands[] = {
    {SHUNT_CMD_HELLO, false, false, shunt_on_hello},
    {SHUNT_CMD_INFO, false, false, shunt_on_info},
    {SHUNT_CMD_COUNTERS, false, false, shunt_on_counters},
    {SHUNT_CMD_REBOOT, true, false, shunt_on_reboot},
    {SHUNT_CMD_ECHO, false, false, shunt_on_echo},
    {SHUNT_CMD_SINK, false, false, shunt_on_sink},
    {SHUNT_CMD_FENCE, true, false, shunt_on_fence},
    {SHUNT_CMD_SLOT_BEGIN, true, false, shunt_on_slot_begin},
    {SHUNT_CMD_SLOT_WRITE, false, false, shunt_on_slot_write},
    {SHUNT_CMD_SLOT_COMMIT, true, false, shunt_on_slot_commit},
    {SHUNT_CMD_SLOT_READ, false, false, shunt_on_slot_read},
    {SHUNT_CMD_SLOT_ATTACH, true, false, shunt_on_slot_attach},
    {SHUNT_CMD_MODEL_OPEN, true, false, shunt_on_model_open},
    {SHUNT_CMD_RESET_STATE, true, true, shunt_on_reset_state},
    {SHUNT_CMD_INPUT_WRITE, false, true, shunt_on_input_write},
    {SHUNT_CMD_RUN, true, true, shunt_on_run},
    {SHUNT_CMD_OUTPUT_READ, false, true, shunt_on_output_read},
    {SHUNT_CMD_PROFILE, true, true, shunt_on_profile},
    {SHUNT_CMD_PROFILE_READ, false, true, shunt_on_profile_read},
    {SHUNT_CMD_RUN_STEPS, true, true, shunt_on_run_steps},
    {SHUNT_CMD_TENSOR_READ, false, true, shunt_on_tensor_read},
    {SHUNT_CMD_BATCH_WRITE, false, false, shunt_on_batch_write},
    {SHUNT_CMD_BATCH_RUN, true, true, shunt_on_batch_run},
    {SHUNT_CMD_BATCH_READ, false, false, shunt_on_batch_read},
};

static const command_t *find_command(uint8_t code) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].code == code) {
            return &commands[i];
        }
    }
    return NULL;
}

/// The least that two readings of the clock differ by: what timing adds to every interval.
static uint32_t measure_tick_overhead(void) {
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < 8; i++) {
        const uint64_t start = shunt_port_ticks();
        const uint64_t ticks = shunt_port_ticks() - start;
        least = ticks < least ? (uint32_t)ticks : least;
    }
    return least;
}

void shunt_agent_init(shunt_agent_t *agent, const shunt_agent_config_t *config) {
    memset(agent, 0, sizeof *agent);
    agent->config = config;
    agent->flash = shunt_port_flash();
    agent->batch = shunt_port_batch(&agent->batch_bytes, &agent->batch_address);
    agent->tick_overhead = measure_tick_overhead();
    shunt_link_receiver_init(&agent->receiver);
    shunt_slots_init(&agent->slots, agent->flash);
}

/// Sends bytes; gives up if the host takes none for a while, since the agent must stay alive.
static void send(const shunt_agent_t *agent, const uint8_t *bytes, size_t count) {
    const uint64_t patience = (uint64_t)SEND_SECONDS * agent->config->tick_hz;
    uint64_t last = shunt_port_ticks();
    while (count > 0) {
        const size_t sent = shunt_port_uart_write(bytes, count);
        bytes += sent;
        count -= sent;
        const uint64_t now = shunt_port_ticks();
        if (sent > 0) {
            last = now;
        } else if (now - last > patience) {
            return;
        }
    }
}

static void send_response(shunt_agent_t *agent, const shunt_link_header_t *header,
                          const uint8_t *payload) {
    send(agent, agent->frame, shunt_link_encode(header, payload, agent->frame));
}

/// Executes a request and leaves the payload of its response in the frame.
static shunt_link_status_t execute(shunt_agent_t *agent, const command_t *command,
                                   const shunt_link_header_t *header, const uint8_t *payload) {
    if (command == NULL) {
        return SHUNT_LINK_ERR_COMMAND;
    }
    if (command->needs_model && !agent->model_open) {
        return SHUNT_LINK_ERR_STATE;
    }
    shunt_request_t request = {.bytes = payload, .count = header->payload_bytes, .header = *header};
    return command->handler(agent, &request);
}

static bool in_session(const shunt_agent_t *agent, const shunt_link_header_t *header) {
    return header->command == SHUNT_CMD_HELLO ||
           (agent->session != 0 && header->session == agent->session);
}

/// What a request of this session is, by its number.
typedef enum arrival {
    ARRIVAL_NEW,
    ARRIVAL_REPEATED, // the last *once* request again: its response is kept
    ARRIVAL_LATE      // a copy of something from before it
} arrival_t;

static arrival_t classify(shunt_agent_t *agent, const shunt_link_header_t *header, bool once) {
    if (!agent->once_valid) {
        return ARRIVAL_NEW;
    }
    const uint16_t ahead = (uint16_t)(header->sequence - agent->once_header.sequence);
    if (ahead >= 0x8000u) {
        return ARRIVAL_LATE;
    }
    if (ahead >= 0x4000u) { // before wrapping makes new numbers look old
        agent->once_valid = false;
    }
    return ahead == 0 && once ? ARRIVAL_REPEATED : ARRIVAL_NEW;
}

static void remember(shunt_agent_t *agent, const shunt_link_header_t *header) {
    if (header->payload_bytes <= sizeof agent->once_payload) {
        agent->once_header = *header;
        memcpy(agent->once_payload, shunt_agent_response(agent), header->payload_bytes);
        agent->once_valid = true;
    }
}

static void reboot(const shunt_agent_t *agent) {
    const uint64_t start = shunt_port_ticks();
    while (!shunt_port_uart_idle() && shunt_port_ticks() - start < agent->config->tick_hz) {
    }
    shunt_port_reset();
}

/// Executes a request and answers it.
static void answer(shunt_agent_t *agent, const shunt_link_header_t *request, const uint8_t *payload,
                   const command_t *command, bool known) {
    agent->response_bytes = 0;
    const shunt_link_status_t status =
        known ? execute(agent, command, request, payload) : SHUNT_LINK_ERR_SESSION;
    const shunt_link_header_t header = {
        .type = SHUNT_LINK_RESPONSE,
        .command = request->command,
        .sequence = request->sequence,
        .session = agent->session,
        .status = (int16_t)status,
        .payload_bytes = agent->response_bytes,
    };
    if (known && command != NULL && command->once) {
        remember(agent, &header);
    }
    send_response(agent, &header, shunt_agent_response(agent));
    if (agent->reboot_asked) {
        reboot(agent);
    }
}

static void take_request(shunt_agent_t *agent, const shunt_link_header_t *request,
                         const uint8_t *payload) {
    const command_t *command = find_command(request->command);
    const bool known = in_session(agent, request);
    const arrival_t arrival = known && request->command != SHUNT_CMD_HELLO
                                  ? classify(agent, request, command != NULL && command->once)
                                  : ARRIVAL_NEW;
    if (arrival == ARRIVAL_REPEATED) {
        agent->repeated++;
        send_response(agent, &agent->once_header, agent->once_payload);
    } else if (arrival == ARRIVAL_NEW) {
        answer(agent, request, payload, command, known);
    }
}

void shunt_agent_poll(shunt_agent_t *agent) {
    uint8_t bytes[READ_BYTES];
    const size_t count = shunt_port_uart_read(bytes, sizeof bytes);
    if (count == 0) {
        shunt_port_wait();
        return;
    }
    for (size_t i = 0; i < count; i++) {
        shunt_link_header_t header;
        const uint8_t *payload;
        if (shunt_link_receive(&agent->receiver, bytes[i], &header, &payload) &&
            header.type == SHUNT_LINK_REQUEST) {
            take_request(agent, &header, payload);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
//
// The agent: the board's half of Docs/spec/link-protocol.md. It owns no memory but what it is
// given, and no bytes on the line make it hang, leave its memory or forget a committed blob.
//
//     static shunt_agent_t agent;
//     shunt_port_init();
//     shunt_agent_init(&agent, &config);
//     for (;;) {
//         shunt_agent_poll(&agent);
//     }
#ifndef SHUNT_AGENT_H
#define SHUNT_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "shunt.h"
#include "shunt_link.h"
#include "shunt_port.h"
#include "shunt_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Steps that PROFILE can time; a board with little memory may take fewer (its board file's
/// firmware.profile_steps).
#ifndef SHUNT_AGENT_PROFILE_STEPS
#define SHUNT_AGENT_PROFILE_STEPS 512
#endif

enum {
    SHUNT_AGENT_MAX_STEPS = SHUNT_AGENT_PROFILE_STEPS,
    SHUNT_AGENT_MAX_INFERENCES = 1000000,   ///< Inferences of one RUN.
    SHUNT_AGENT_MAX_BASELINE_US = 60000000, ///< Longest idle baseline of one RUN.
    SHUNT_AGENT_ONCE_BYTES = 64             ///< Largest payload of a response to a *once* request.
};

/// What the agent is given. Everything it points to stays in place.
typedef struct shunt_agent_config {
    const char *board_id, *core, *build_id, *compiler; ///< For INFO; at most 255 bytes each.
    const shunt_kernel_table_t *kernels;               ///< The kernels of this build.
    uint8_t *arena;                                    ///< SHUNT_BLOB_ALIGNMENT-aligned.
    uint8_t *staging;                                  ///< Where inputs wait that a run overwrites.
    uint32_t arena_bytes, staging_bytes;
    uint32_t stack_bytes;    ///< Of the stack that the agent runs on.
    uint32_t clock_hz;       ///< Of the core.
    uint32_t tick_hz;        ///< Of shunt_port_ticks.
    uint16_t window;         ///< Requests that the receive path holds while one is being executed.
    bool ticks_are_emulated; ///< Ticks do not follow real time.
} shunt_agent_config_t;

/// An agent. The fields are its own.
typedef struct shunt_agent {
    const shunt_agent_config_t *config;
    const shunt_flash_t *flash;
    uint8_t *batch;
    uint32_t batch_bytes, batch_address;
    uint32_t tick_overhead; ///< Ticks that reading the clock twice takes.

    // Link.
    shunt_link_receiver_t receiver;
    uint16_t session;        ///< 0: none.
    uint16_t hello_sequence; ///< Of the HELLO that opened it.
    bool reboot_asked;
    uint32_t repeated; ///< *Once* requests that were answered from `once`.
    bool once_valid;
    shunt_link_header_t once_header;              ///< The last response to a *once* request,
    uint8_t once_payload[SHUNT_AGENT_ONCE_BYTES]; ///< and its payload.
    uint16_t response_bytes;                      ///< Of the response's payload so far,
    uint8_t frame[SHUNT_LINK_MAX_FRAME]; ///< which grows at SHUNT_LINK_PAYLOAD_OFFSET in here.

    // Model.
    shunt_slots_t slots;
    shunt_slots_blob_t attached; ///< Adopted by SLOT_ATTACH, for this session.
    shunt_model_t model;
    bool model_open;
    bool staged;             ///< Inputs are kept in `staging` and copied before each inference.
    uint32_t inferences;     ///< Since boot.
    uint32_t profiled_steps; ///< Valid entries of `step_ticks`.
    uint32_t step_ticks[SHUNT_AGENT_MAX_STEPS];
} shunt_agent_t;

/// Prepares an agent after shunt_port_init: no session, no model.
void shunt_agent_init(shunt_agent_t *agent, const shunt_agent_config_t *config);

/// Takes what has arrived, and answers at most the requests in it. Waits in shunt_port_wait if
/// nothing has.
void shunt_agent_poll(shunt_agent_t *agent);

#ifdef __cplusplus
}
#endif
#endif
